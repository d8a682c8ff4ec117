#include "server/faults/fault_json.h"
#include "server/journal/event_names.h"
#include "server/journal/match_json.h"
#include "server/verdict/parameter_table.h"
#include "server/verdict/suite/read_steps.h"
#include "server/verdict/suite/suite_file.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

namespace verdict::suite {

namespace {

using config::JsonNode;

JsonNode typed(const char* type) {
    return JsonNode::object({{"type", JsonNode::of(type)}});
}

JsonNode described(JsonNode node, std::string_view help) {
    node.put("description", JsonNode::of(help));
    return node;
}

JsonNode reference(std::string_view definition) {
    return JsonNode::object({{"$ref", JsonNode::of("#/$defs/" + std::string(definition))}});
}

JsonNode closed(JsonNode properties, const std::vector<std::string>& required = {}) {
    JsonNode node = typed("object");
    node.put("additionalProperties", JsonNode::of(false));
    if (!required.empty()) node.put("required", JsonNode::array_of(required));
    node.put("properties", std::move(properties));
    return node;
}

JsonNode list_of(JsonNode items, std::size_t most) {
    JsonNode node = typed("array");
    node.put("minItems", JsonNode::number("1"));
    node.put("maxItems", JsonNode::number(std::to_string(most)));
    node.put("items", std::move(items));
    return node;
}

JsonNode number_up_to(const char* type, const char* most) {
    JsonNode node = typed(type);
    node.put("minimum", JsonNode::number("0"));
    node.put("maximum", JsonNode::number(most));
    return node;
}

// The texts that runtime::parse_duration takes and that mean more than nothing.
JsonNode duration() {
    JsonNode node = typed("string");
    node.put("pattern", JsonNode::of("^[+]?([0-9]+(d|h|m|s|ms|us))+$"));
    return node;
}

JsonNode parameters() {
    JsonNode properties = JsonNode::object();
    for (const ParameterRow& row : parameter_table()) {
        JsonNode texts = typed("array");
        texts.put("items", typed("string"));
        const std::array<JsonNode, std::variant_size_v<ParameterPlace>> types{
            number_up_to("number", "1000000"), number_up_to("integer", "1000000000"), typed("boolean"), typed("string"),
            std::move(texts)};
        properties.put(row.name, described(types[row.place.index()],
                                           std::string(row.help) + " (default: " + std::string(row.standing) + ")"));
    }
    return closed(std::move(properties));
}

// One type, or several, as a list or with commas.
JsonNode event_type() {
    JsonNode names = JsonNode::array();
    for (const auto name : journal::type_names()) names.items.push_back(JsonNode::of(name));
    JsonNode one = JsonNode::object({{"enum", std::move(names)}});
    JsonNode several = typed("string");
    several.put("pattern", JsonNode::of(","));
    JsonNode list = typed("array");
    list.put("items", one);
    return JsonNode::object({{"anyOf", JsonNode::array({std::move(one), std::move(several), std::move(list)})}});
}

JsonNode match() {
    JsonNode node = journal::match_schema();
    JsonNode properties = *node.find("properties");
    properties.put("type", event_type());
    node.put("properties", std::move(properties));
    return node;
}

JsonNode values() {
    JsonNode value = JsonNode::object({{"type", JsonNode::array_of({"string", "number", "boolean"})}});
    JsonNode node = typed("object");
    node.put("minProperties", JsonNode::number("1"));
    node.put("additionalProperties", std::move(value));
    return node;
}

JsonNode name() {
    JsonNode node = typed("string");
    node.put("minLength", JsonNode::number("1"));
    return node;
}

JsonNode message() {
    JsonNode topic = name();
    topic.put("pattern", JsonNode::of("^[^+#]+$"));
    return closed(JsonNode::object({{"topic", std::move(topic)}, {"payload", typed("string")}}), {"topic"});
}

JsonNode taken(StepTakes takes) {
    switch (takes) {
        case StepTakes::values:
            return values();
        case StepTakes::match:
            return reference("match");
        case StepTakes::fault:
            return reference("fault");
        case StepTakes::yes:
            return JsonNode::object({{"const", JsonNode::of(true)}});
        case StepTakes::duration:
            return duration();
        case StepTakes::name:
            return name();
        case StepTakes::message:
            return message();
    }
    return {};
}

JsonNode only_with(std::string_view name) {
    return JsonNode::array({JsonNode::of(name)});
}

// One thing each.
JsonNode step() {
    JsonNode properties = JsonNode::object(), one = JsonNode::array(), beside = JsonNode::object();
    for (const StepRow& row : step_table()) {
        properties.put(row.name, described(taken(row.takes), row.help));
        one.items.push_back(JsonNode::object({{"required", only_with(row.name)}}));
        if (row.span.empty()) continue;
        properties.put(row.span, described(duration(), "how long, such as 5s; 10s where it is absent"));
        beside.put(row.span, only_with(row.name));
    }
    properties.put("hint", described(typed("string"), "what the report shows where the step fails"));
    JsonNode node = closed(std::move(properties));
    node.put("oneOf", std::move(one));
    node.put("dependentRequired", std::move(beside));
    return node;
}

JsonNode built_in_ids() {
    JsonNode ids = JsonNode::array();
    for (const CheckRow& row : check_table()) ids.items.push_back(JsonNode::of(row.id));
    return JsonNode::object({{"enum", std::move(ids)}});
}

// An id, or a glob.
JsonNode built_in() {
    JsonNode glob = typed("string");
    glob.put("pattern", JsonNode::of("[*?]"));
    return described(JsonNode::object({{"anyOf", JsonNode::array({reference("id"), std::move(glob)})}}),
                     "the id of a built-in check, or a glob such as CON-*");
}

JsonNode custom() {
    JsonNode id = typed("string");
    id.put("pattern", JsonNode::of("^[A-Za-z0-9_-]{1," + std::to_string(longest_id) + "}$"));
    id.put("not", reference("id"));
    JsonNode timeout = number_up_to("number", "1000000");
    timeout.erase("minimum");
    timeout.put("exclusiveMinimum", JsonNode::number("0"));
    return closed(
        JsonNode::object({{"id", described(std::move(id), "of a check of its own; not that of a built-in one")},
                          {"title", described(typed("string"), "what it asks, for reports")},
                          {"timeout_s", described(std::move(timeout), "bounds the whole check, in seconds; 60")},
                          {"parameters", reference("parameters")},
                          {"steps", described(list_of(reference("step"), most_steps), "taken one after the other")}}),
        {"id", "steps"});
}

JsonNode check() {
    JsonNode chosen =
        closed(JsonNode::object({{"id", reference("check")}, {"parameters", reference("parameters")}}), {"id"});
    return JsonNode::object({{"anyOf", JsonNode::array({reference("check"), std::move(chosen), custom()})}});
}

}  // namespace

JsonNode suite_schema() {
    JsonNode node =
        closed(JsonNode::object({{"$schema", typed("string")},
                                 {"suite", described(typed("string"), "the suite's name, for reports")},
                                 {"parameters", reference("parameters")},
                                 {"checks", described(list_of(check(), most_checks),
                                                      "built-in checks by id or glob, and checks of its own")}}),
               {"suite", "checks"});
    node.put("$schema", JsonNode::of("https://json-schema.org/draft/2020-12/schema"));
    node.put("title", JsonNode::of("Suite file of murano-emulator verify"));
    node.put("$defs", JsonNode::object({{"id", built_in_ids()},
                                        {"check", built_in()},
                                        {"parameters", described(parameters(), "see docs/checks.md")},
                                        {"match", match()},
                                        {"fault", faults::closed_fault_schema(whom_keys)},
                                        {"step", step()}}));
    return node;
}

}  // namespace verdict::suite
