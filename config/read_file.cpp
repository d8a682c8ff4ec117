#include "config/read_file.h"

#include "config/connector_seed_json.h"
#include "config/connector_settings_json.h"
#include "config/json_fault.h"
#include "config/nearest.h"
#include "config/readable_file.h"
#include "config/setting_value.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

namespace config {

namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20U;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

// Keys of the whole file that are no rows. `$schema` is what editors look for.
constexpr std::array<std::string_view, 4> other_keys{"connector_defaults", "connectors", "faults", "$schema"};

ReadContext context_of(const SettingsFile& file, Problems& problems) {
    return {file.name, file.text, KeyMode::strict, problems};
}

// The keys that may stand in the object at `prefix` ("" or "listen.").
std::vector<std::string> keys_under(std::string_view prefix) {
    std::vector<std::string> keys;
    for (const Setting& setting : settings_table()) {
        if (setting.path.empty() || !setting.path.starts_with(prefix)) continue;
        const std::string_view rest = setting.path.substr(prefix.size());
        std::string key(rest.substr(0, rest.find('.')));
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
    }
    if (prefix.empty()) keys.insert(keys.end(), other_keys.begin(), other_keys.end());
    return keys;
}

class ServerKeyReader {
  public:
    explicit ServerKeyReader(const ReadContext& context) : context_(context) {}

    void walk(const JsonNode& node, const std::string& prefix) {
        const std::vector<std::string> known = keys_under(prefix);
        for (const JsonMember& member : node.members) {
            const bool is_known = std::find(known.begin(), known.end(), member.key) != known.end();
            const std::string path = prefix + member.key;
            if (!is_known) {
                unknown(member, prefix, known);
            } else if (const Setting* setting = find_setting_by_path(path)) {
                take(*setting, member.value);
            } else if (prefix.empty() && std::find(other_keys.begin(), other_keys.end(), path) != other_keys.end()) {
                continue;
            } else if (member.value.is(JsonNode::Kind::object)) {
                walk(member.value, path + ".");
            } else {
                context_.error(member.value.offset, path, "found " + describe(member.value) + ", expected an object");
            }
        }
    }

    std::vector<Assignment> take_assignments() { return std::move(assignments_); }

  private:
    void unknown(const JsonMember& member, const std::string& prefix, const std::vector<std::string>& known) {
        std::string message = "unknown key";
        if (const auto meant = nearest(member.key, known)) {
            message += ", did you mean \"" + *meant + "\"?";
        } else if (prefix.empty() && find_setting_by_path(member.key) != nullptr) {
            message += ", write " + nested(member.key);
        } else if (const std::string elsewhere = path_ending_in(member.key); !elsewhere.empty()) {
            message += ", the key is " + elsewhere;
        }
        const std::string_view parent = std::string_view(prefix).substr(0, prefix.empty() ? 0 : prefix.size() - 1);
        context_.error(member.key_offset, child_path(parent, member.key), message);
    }

    // `"listen": { "api": … }` for listen.api
    static std::string nested(std::string_view path) {
        const std::size_t dot = path.find('.');
        const std::string key = to_json_text(JsonNode::of(path.substr(0, dot))) + ": ";
        return key + (dot == std::string_view::npos ? "…" : "{ " + nested(path.substr(dot + 1)) + " }");
    }

    static std::string path_ending_in(std::string_view key) {
        for (const Setting& setting : settings_table()) {
            if (setting.path.ends_with("." + std::string(key))) return std::string(setting.path);
        }
        return "";
    }

    void take(const Setting& setting, const JsonNode& node) {
        Assignment assignment{&setting, {}, {Origin::Kind::file, std::string(context_.source), at(node)}, {}};
        const bool is_array = is_list(setting) && node.is(JsonNode::Kind::array);
        const std::span<const JsonNode> elements = is_array ? std::span(node.items) : std::span(&node, 1);
        bool fits = true;
        for (std::size_t i = 0; i < elements.size(); ++i) {
            if (!fits_kind(setting, elements[i])) {
                const std::string path(setting.path);
                wrong(setting, elements[i], is_array ? item_path(path, i) : path);
                fits = false;
            }
            const bool truth = elements[i].is(JsonNode::Kind::boolean);
            assignment.texts.push_back(truth ? (elements[i].truth ? "true" : "false") : elements[i].text);
            assignment.positions.push_back(at(elements[i]));
        }
        if (fits) assignments_.push_back(std::move(assignment));
    }

    static bool fits_kind(const Setting& setting, const JsonNode& node) {
        if (node.is(JsonNode::Kind::null)) return is_optional(setting);
        if (is_switch(setting)) return node.is(JsonNode::Kind::boolean);
        return node.is(is_number(setting) ? JsonNode::Kind::number : JsonNode::Kind::string);
    }

    void wrong(const Setting& setting, const JsonNode& node, const std::string& path) const {
        const std::string found = setting.secret ? "" : "found " + describe(node) + ", ";
        const std::string as_string = is_switch(setting) || is_number(setting) ? "" : " (a string)";
        context_.error(node.offset, path, found + "expected " + expected_of(setting) + as_string);
    }

    Position at(const JsonNode& node) const { return position_of(context_.text, node.offset); }

    const ReadContext& context_;
    std::vector<Assignment> assignments_;
};

}  // namespace

SettingsFile parse_settings_text(std::string text, std::string name, std::string folder, Problems& problems) {
    if (const std::string_view encoding = utf16_name(text); !encoding.empty()) {
        problems.error({name, 1, 1, "", "found " + std::string(encoding) + ", expected UTF-8: save the file as UTF-8"});
        return {std::move(name), std::move(folder), "", std::nullopt};
    }
    if (text.starts_with(byte_order_mark)) text.erase(0, byte_order_mark.size());
    SettingsFile file{std::move(name), std::move(folder), std::move(text), std::nullopt};
    const ReadContext context = context_of(file, problems);
    ParsedJson parsed = parse_json(file.text, JsonDialect::relaxed);
    for (const JsonFault& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (parsed.root && !parsed.root->is(JsonNode::Kind::object)) {
        context.error(parsed.root->offset, "", "found " + describe(*parsed.root) + ", expected an object");
        parsed.root.reset();
    }
    file.root = std::move(parsed.root);
    return file;
}

SettingsFile load_settings_file(const std::string& name, Problems& problems) {
    if (const std::string why = why_not_readable(name); !why.empty()) {
        problems.error({name, 0, 0, "", why});
        return {name, "", "", std::nullopt};
    }
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(name, error);
    std::ifstream stream(name, std::ios::binary);
    if (size > largest_file) {
        problems.error({name, 0, 0, "", "is larger than 64 MiB, which no settings file is"});
        return {name, "", "", std::nullopt};
    }
    std::string text(static_cast<std::size_t>(size), '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse_settings_text(std::move(text), name, std::filesystem::path(name).parent_path().string(), problems);
}

std::vector<Assignment> read_file_settings(const SettingsFile& file, Problems& problems) {
    if (!file.root) return {};
    const ReadContext context = context_of(file, problems);
    ServerKeyReader reader(context);
    reader.walk(*file.root, "");
    return reader.take_assignments();
}

namespace {

void read_faults(const ReadContext& context, const JsonNode* node, const std::string& path,
                 const std::optional<std::string>& connector, ServerSettings& settings) {
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::array)) {
        context.error(node->offset, path, "found " + describe(*node) + ", expected an array of faults");
        return;
    }
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        settings.faults.push_back({node->items[i], item_path(path, i), connector});
    }
}

}  // namespace

void read_file_faults(const SettingsFile& file, ServerSettings& settings, Problems& problems) {
    if (!file.root) return;
    const ReadContext context = context_of(file, problems);
    read_faults(context, file.root->find("faults"), "faults", std::nullopt, settings);
    if (const JsonNode* connectors = file.root->find("connectors")) {
        for (const JsonMember& member : connectors->members) {
            const auto path = child_path(child_path("connectors", member.key), "faults");
            read_faults(context, member.value.find("faults"), path, member.key, settings);
        }
    }
    if (!settings.faults.empty()) settings.file_text = file.text;
}

void read_file_connectors(const SettingsFile& file, ServerSettings& settings, Problems& problems) {
    settings.connector_defaults.journal_packets = settings.journal.packets;
    if (!file.root) return;
    const ReadContext context = context_of(file, problems);
    if (const JsonNode* node = file.root->find("connector_defaults")) {
        settings.connector_defaults =
            parse_connector(*node, "connector_defaults", settings.connector_defaults, context);
    }
    if (const JsonNode* node = file.root->find("connectors")) {
        settings.connectors = read_connectors(*node, "connectors", settings.connector_defaults, file.folder, context);
    }
}

}  // namespace config
