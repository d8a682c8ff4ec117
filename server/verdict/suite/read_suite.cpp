#include "config/nearest.h"
#include "config/object_reader.h"
#include "server/verdict/parameter_table.h"
#include "server/verdict/suite/read_steps.h"
#include "server/verdict/suite/suite_file.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace verdict::suite {

namespace {

using config::JsonNode;
using config::ObjectReader;

std::vector<std::string_view> built_in_ids() {
    std::vector<std::string_view> ids;
    for (const CheckRow& row : check_table()) ids.push_back(row.id);
    return ids;
}

bool is_built_in(std::string_view id) {
    return std::ranges::any_of(check_table(), [&](const CheckRow& row) {
        return id.find_first_of("*?") == std::string_view::npos && matches_glob(id, row.id);
    });
}

// The texts that stand for a parameter; nothing: it is of another kind.
std::vector<std::string> parameter_texts(const JsonNode& node, const ParameterRow& row) {
    const bool list = std::holds_alternative<std::vector<std::string> Parameters::*>(row.place);
    const bool text = std::holds_alternative<std::string Parameters::*>(row.place);
    if (list) {
        std::vector<std::string> texts;
        for (const JsonNode& item : node.items)
            if (item.is(JsonNode::Kind::string)) texts.push_back(item.text);
        return texts.size() == node.items.size() ? texts : std::vector<std::string>{};
    }
    if (text != node.is(JsonNode::Kind::string)) return {};
    if (node.is(JsonNode::Kind::boolean)) return {node.truth ? "true" : "false"};
    return node.is(JsonNode::Kind::string) || node.is(JsonNode::Kind::number) ? std::vector{node.text}
                                                                              : std::vector<std::string>{};
}

GivenParameters read_parameters(ObjectReader from) {
    GivenParameters given;
    for (const ParameterRow& row : parameter_table()) {
        const JsonNode* node = from.find(row.name);
        if (node == nullptr) continue;
        auto texts = parameter_texts(*node, row);
        Parameters unused;
        if (texts.empty() || !set_parameter(unused, row, texts))
            from.wrong(*node, from.path_of(row.name), expected_of(row));
        else
            given.emplace_back(row.name, std::move(texts));
    }
    from.finish();
    return given;
}

// A pattern that fits a check of the table.
void read_glob(const JsonNode& node, const std::string& path, const config::ReadContext& context, SuiteFile& file,
               GivenParameters parameters = {}) {
    const bool fits =
        std::ranges::any_of(check_table(), [&](const CheckRow& row) { return matches_glob(node.text, row.id); });
    if (fits) {
        file.built_in.push_back({node.text, std::move(parameters)});
        return;
    }
    std::string message = "no check fits " + config::describe(node);
    if (const auto meant = config::nearest(node.text, built_in_ids()))
        message += ", did you mean \"" + *meant + "\"?";
    else if (const std::string group = ids_of_group(node.text); !group.empty())
        message += ": there are " + group;
    context.error(node.offset, path, message);
}

class SuiteReader {
  public:
    SuiteReader(const JsonNode& root, const config::ReadContext& context)
        : context_(context), top_(&root, "", context) {}

    SuiteFile read() {
        top_.ignore("$schema");
        read_title();
        file_.parameters = read_parameters(top_.child("parameters"));
        read_checks();
        top_.finish();
        return std::move(file_);
    }

  private:
    void read_title() {
        top_.read("suite", file_.title);
        if (top_.node() != nullptr && top_.node()->find("suite") == nullptr)
            context_.error(top_.node()->offset, "suite", "the suite's name is missing");
    }
    void read_checks() {
        const JsonNode* list = top_.find("checks");
        if (list == nullptr) {
            if (top_.node() != nullptr) context_.error(top_.node()->offset, "checks", "the list of checks is missing");
            return;
        }
        if (!list->is(JsonNode::Kind::array) || list->items.empty() || list->items.size() > most_checks)
            return top_.wrong(*list, "checks", "an array of 1 to " + std::to_string(most_checks) + " checks");
        for (std::size_t i = 0; i < list->items.size(); ++i) read_check(list->items[i], config::item_path("checks", i));
    }
    void read_check(const JsonNode& node, const std::string& path) {
        if (node.is(JsonNode::Kind::string)) return read_glob(node, path, context_, file_);
        if (!node.is(JsonNode::Kind::object))
            return top_.wrong(node, path, "an id, a glob such as \"CON-*\", or an object");
        ObjectReader check(&node, path, context_);
        const JsonNode* id = check.find("id");
        if (id == nullptr) return context_.error(node.offset, path, "the check's id is missing");
        if (!id->is(JsonNode::Kind::string)) return check.wrong(*id, check.path_of("id"), "a string");
        if (node.find("steps") != nullptr) return read_custom(check, *id);
        GivenParameters parameters = read_parameters(check.child("parameters"));
        check.ignore("steps");
        check.finish();
        read_glob(*id, check.path_of("id"), context_, file_, std::move(parameters));
    }
    void read_custom(ObjectReader& check, const JsonNode& id) {
        Custom custom;
        custom.id = custom.title = id.text;
        check_id(check, id);
        check.read("title", custom.title);
        read_timeout(check, custom.timeout);
        custom.parameters = read_parameters(check.child("parameters"));
        custom.steps = read_steps(check);
        check.finish();
        file_.custom.push_back(std::move(custom));
    }
    void check_id(ObjectReader& check, const JsonNode& id) {
        const auto fits = [](char letter) {
            return std::isalnum(static_cast<unsigned char>(letter)) || letter == '-' || letter == '_';
        };
        const std::string path = check.path_of("id");
        if (id.text.empty() || id.text.size() > longest_id || !std::ranges::all_of(id.text, fits))
            return check.wrong(id, path, "1 to 40 letters, digits, - and _");
        if (is_built_in(id.text))
            return context_.error(id.offset, path,
                                  "a check of its own needs an id of its own: " + id.text + " is built in");
        if (std::ranges::find(file_.custom, id.text, &Custom::id) != file_.custom.end())
            context_.error(id.offset, path, "there is a check with this id already");
    }
    void read_timeout(ObjectReader& check, Moment& timeout) {
        const JsonNode* node = check.find("timeout_s");
        if (node == nullptr) return;
        Parameters scratch;
        const bool number = node->is(JsonNode::Kind::number);
        const bool fits = number && set_parameter(scratch, *find_parameter("patience_s"), std::vector{node->text});
        if (!fits || scratch.patience == Moment{0})
            return check.wrong(*node, check.path_of("timeout_s"), "a number of seconds above 0, at most 1000000");
        timeout = scratch.patience;
    }

    const config::ReadContext& context_;
    ObjectReader top_;
    SuiteFile file_;
};

}  // namespace

std::optional<SuiteFile> read_suite(std::string_view text, std::string_view name, config::Problems& problems) {
    const config::ReadContext context{name, text, config::KeyMode::strict, problems};
    if (text.size() > most_suite_bytes) {
        problems.error({std::string(name), 0, 0, "", "a suite file has at most 4 MiB"});
        return std::nullopt;
    }
    const auto parsed = config::parse_json(text, config::JsonDialect::relaxed);
    for (const auto& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (!parsed.root) return std::nullopt;
    SuiteFile file = SuiteReader(*parsed.root, context).read();
    if (!problems.ok()) return std::nullopt;
    return file;
}

}  // namespace verdict::suite
