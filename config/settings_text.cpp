#include "config/settings_text.h"

#include "config/connector_seed_json.h"
#include "config/connector_settings_json.h"
#include "config/setting_value.h"

#include <algorithm>

namespace config {

namespace {

constexpr std::size_t line_width = 100;

// Words of `text` in lines that begin with `indent`.
std::string wrapped(std::string_view text, const std::string& indent) {
    std::string all;
    std::string line;
    while (!text.empty()) {
        const std::size_t space = text.find(' ');
        const std::string word(text.substr(0, space));
        text = space == std::string_view::npos ? "" : text.substr(space + 1);
        if (!line.empty() && indent.size() + line.size() + 1 + word.size() > line_width) {
            all += indent + line + "\n";
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    return all + indent + line + "\n";
}

std::string shown_default(const Setting& setting) {
    const std::string text = default_text(setting);
    return text.empty() ? "none" : text;
}

std::string synopsis(const Setting& setting) {
    std::string text = "--" + std::string(setting.flag);
    if (!setting.argument.empty()) text += " " + std::string(setting.argument);
    return text + (is_list(setting) ? "  (repeats)" : "");
}

std::string range_of(const Setting& setting) {
    const bool tells_more = is_number(setting) || !choices_of(setting).empty();
    return tells_more ? expected_of(setting) : "";
}

// A vertical bar would end the table's cell.
std::string in_cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
    return escaped;
}

std::string code(std::string_view text) {
    return text.empty() ? "" : "`" + in_cell(text) + "`";
}

std::string padded(std::string_view text, std::size_t width) {
    return std::string(text) + std::string(width > text.size() ? width - text.size() : 0, ' ');
}

}  // namespace

std::string flags_help() {
    std::string all;
    for (const Setting& setting : settings_table()) {
        all += "  " + synopsis(setting) + "\n";
        const std::string range = range_of(setting);
        const std::string more = (range.empty() ? "" : " Value: " + range + ".") +
                                 " Default: " + shown_default(setting) + ". [" + variable_of(setting) + "]";
        all += wrapped(std::string(setting.help) + more, "      ");
    }
    return all;
}

std::string settings_reference() {
    std::string all =
        "| flag | variable | key of the file | value | default | meaning |\n| --- | --- | --- | --- | --- | --- |\n";
    for (const Setting& setting : settings_table()) {
        const std::string value = range_of(setting).empty() ? expected_of(setting) : range_of(setting);
        all += "| " + code(synopsis(setting)) + " | " + code(variable_of(setting)) + " | " + code(setting.path) +
               " | " + in_cell(value) + " | " + code(shown_default(setting)) + " | " + in_cell(setting.help) + " |\n";
    }
    return all;
}

std::string print_text(const LoadedSettings& loaded) {
    std::size_t name_width = 0;
    std::size_t value_width = 0;
    for (const Setting& setting : settings_table()) {
        name_width = std::max(name_width, name_of(setting).size());
        value_width = std::max(value_width, std::min<std::size_t>(40, shown_value(setting, loaded.settings).size()));
    }
    std::string all;
    for (const Setting& setting : settings_table()) {
        all += padded(name_of(setting), name_width) + "  " +
               padded(shown_value(setting, loaded.settings), value_width) + "  " +
               to_string(loaded.origin_of(setting)) + "\n";
    }
    all += "connector_defaults " +
           to_pretty_json_text(to_json(loaded.settings.connector_defaults, ConnectorShape::full)) + "\n";
    for (const auto& [id, seed] : loaded.settings.connectors) {
        all += "connectors." + id + " " + to_pretty_json_text(to_masked_json(seed)) + "\n";
    }
    return all;
}

JsonNode print_json(const LoadedSettings& loaded) {
    JsonNode rows = JsonNode::object();
    for (const Setting& setting : settings_table()) {
        const Origin& origin = loaded.origin_of(setting);
        JsonNode row = JsonNode::object(
            {{"value", value_json(setting, loaded.settings)}, {"origin", JsonNode::of(kind_name(origin.kind))}});
        if (!origin.source.empty()) row.put("source", JsonNode::of(origin.source));
        if (origin.kind == Origin::Kind::file) row.put("line", JsonNode::number(std::to_string(origin.at.line)));
        rows.put(name_of(setting), std::move(row));
    }
    JsonNode connectors = JsonNode::object();
    for (const auto& [id, seed] : loaded.settings.connectors) connectors.put(id, to_masked_json(seed));
    return JsonNode::object({{"settings", std::move(rows)},
                             {"connector_defaults", to_json(loaded.settings.connector_defaults, ConnectorShape::full)},
                             {"connectors", std::move(connectors)}});
}

}  // namespace config
