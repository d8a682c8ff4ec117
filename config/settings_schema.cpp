#include "config/settings_schema.h"

#include "config/setting_value.h"

namespace config {

namespace {

JsonNode type_of(const Setting& setting) {
    if (is_switch(setting)) return JsonNode::of("boolean");
    const char* const name = is_number(setting) ? "integer" : "string";
    return is_optional(setting) ? JsonNode::array_of({name, "null"}) : JsonNode::of(name);
}

JsonNode list_schema() {
    return JsonNode::object(
        {{"type", JsonNode::of("array")}, {"items", JsonNode::object({{"type", JsonNode::of("string")}})}});
}

JsonNode default_of(const Setting& setting) {
    const ServerSettings defaults;
    return value_json(setting, defaults);
}

JsonNode row_schema(const Setting& setting) {
    JsonNode node = is_list(setting) ? list_schema() : JsonNode::object({{"type", type_of(setting)}});
    if (const auto choices = choices_of(setting); !choices.empty()) node.put("enum", JsonNode::array_of(choices));
    if (is_number(setting)) {
        node.put("minimum", JsonNode::number(std::to_string(setting.min)));
        node.put("maximum", JsonNode::number(std::to_string(setting.max)));
    }
    node.put("default", default_of(setting));
    node.put("description", JsonNode::of(setting.help));
    return node;
}

JsonNode closed_object() {
    return JsonNode::object({{"type", JsonNode::of("object")},
                             {"additionalProperties", JsonNode::of(false)},
                             {"properties", JsonNode::object()}});
}

JsonNode& member_of(JsonNode& object, std::string_view key, const JsonNode& fresh) {
    if (object.find(key) == nullptr) object.put(key, fresh);
    for (JsonMember& member : object.members) {
        if (member.key == key) return member.value;
    }
    return object;  // not reached: the key was put above
}

// `a.b` goes into the properties of `a`, which is made where it is not there.
void put_row(JsonNode& schema, std::string_view path, JsonNode row) {
    JsonNode& properties = member_of(schema, "properties", JsonNode::object());
    const std::size_t dot = path.find('.');
    if (dot == std::string_view::npos) {
        properties.put(path, std::move(row));
    } else {
        put_row(member_of(properties, path.substr(0, dot), closed_object()), path.substr(dot + 1), std::move(row));
    }
}

}  // namespace

JsonNode settings_schema(JsonNode fault) {
    JsonNode schema = JsonNode::object({{"$schema", JsonNode::of("https://json-schema.org/draft/2020-12/schema")},
                                        {"title", JsonNode::of("Settings file of murano-emulator")},
                                        {"type", JsonNode::of("object")},
                                        {"additionalProperties", JsonNode::of(false)},
                                        {"properties", JsonNode::object()}});
    put_row(schema, "$schema", JsonNode::object({{"type", JsonNode::of("string")}}));
    for (const Setting& setting : settings_table()) {
        if (!setting.path.empty()) put_row(schema, setting.path, row_schema(setting));
    }
    put_row(schema, "connector_defaults", connector_schema(false));
    put_row(schema, "faults", faults_schema());
    schema.put("$defs", JsonNode::object({{"fault", std::move(fault)}}));
    JsonNode ids = JsonNode::object({{"pattern", JsonNode::of("^[a-z0-9-]{1,63}$")}});
    put_row(schema, "connectors",
            JsonNode::object({{"type", JsonNode::of("object")},
                              {"propertyNames", std::move(ids)},
                              {"additionalProperties", connector_schema(true)}}));
    return schema;
}

}  // namespace config
