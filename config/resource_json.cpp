#include "config/resource_json.h"

#include "config/number_text.h"

#include <algorithm>

namespace config {

namespace {

std::string_view expected_for(ResourceFormat format) {
    switch (format) {
        case ResourceFormat::string:
            return "a string, number or boolean";
        case ResourceFormat::number:
            return "a number";
        case ResourceFormat::boolean:
            return "true or false";
    }
    return "a value";
}

bool fits_allowed(ResourceFormat format, const Scalar& scalar) {
    const bool range = format == ResourceFormat::number && scalar.quoted && split_number_range(scalar.text).has_value();
    return range || fits(format, scalar);
}

std::vector<Scalar> read_allowed(ObjectReader& reader, const ResourceDefinition& definition) {
    const JsonNode* node = reader.find("allowed");
    if (node == nullptr) return {};
    const std::string path = reader.path_of("allowed");
    if (!node->is(JsonNode::Kind::array)) {
        reader.wrong(*node, path, "an array of values");
        return {};
    }
    std::vector<Scalar> allowed;
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const std::optional<Scalar> scalar = scalar_of(node->items[i]);
        if (scalar && fits_allowed(definition.format, *scalar)) {
            allowed.push_back(*scalar);
        } else {
            const bool number = definition.format == ResourceFormat::number;
            reader.wrong(node->items[i], item_path(path, i),
                         std::string(expected_for(definition.format)) + (number ? " or a range such as \"9-11\"" : ""));
        }
    }
    return allowed;
}

std::optional<Scalar> read_initial(ObjectReader& reader, const ResourceDefinition& definition) {
    const JsonNode* node = reader.find("initial");
    if (node == nullptr || node->is(JsonNode::Kind::null)) return std::nullopt;
    std::optional<Scalar> scalar = scalar_of(*node);
    if (scalar && fits(definition.format, *scalar)) return scalar;
    reader.wrong(*node, reader.path_of("initial"), expected_for(definition.format));
    return std::nullopt;
}

}  // namespace

bool is_alias(std::string_view text) {
    const auto odd = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || std::string_view(".$/+#\x7f").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 255 && std::none_of(text.begin(), text.end(), odd);
}

std::optional<Scalar> scalar_of(const JsonNode& node) {
    switch (node.kind) {
        case JsonNode::Kind::string:
            return Scalar{node.text, true};
        case JsonNode::Kind::number:
            return Scalar{node.text, false};
        case JsonNode::Kind::boolean:
            return Scalar{node.truth ? "true" : "false", false};
        default:
            return std::nullopt;
    }
}

JsonNode to_json(const Scalar& scalar) {
    if (scalar.quoted) return JsonNode::of(scalar.text);
    if (scalar.text == "true" || scalar.text == "false") return JsonNode::of(scalar.text == "true");
    return JsonNode::number(scalar.text);
}

bool fits(ResourceFormat format, const Scalar& scalar) {
    switch (format) {
        case ResourceFormat::string:
            return true;
        case ResourceFormat::number:
            return is_json_number(scalar.text);
        case ResourceFormat::boolean:
            return scalar.text == "true" || scalar.text == "false";
    }
    return false;
}

ResourceDefinition read_resource(const JsonNode& node, const std::string& path, const ReadContext& context) {
    ObjectReader reader(&node, path, context);
    ResourceDefinition definition;
    reader.read("format", definition.format);
    reader.read("unit", definition.unit);
    reader.read("settable", definition.settable);
    reader.read("sync", definition.sync);
    definition.allowed = read_allowed(reader, definition);
    definition.initial = read_initial(reader, definition);
    reader.finish();
    return definition;
}

Resources read_resources(const JsonNode& node, const std::string& path, const ReadContext& context) {
    ObjectReader reader(&node, path, context);
    Resources resources;
    if (reader.node() == nullptr) return resources;
    for (const JsonMember& member : node.members) {
        const std::string where = child_path(path, member.key);
        if (!is_alias(member.key)) {
            context.error(member.key_offset, where,
                          "no alias: 1 to 255 bytes without . $ / + # and control characters, so that "
                          "$resource/<alias> can name it");
            continue;
        }
        resources.emplace(member.key, read_resource(member.value, where, context));
    }
    return resources;
}

JsonNode to_json(const ResourceDefinition& definition) {
    JsonNode allowed = JsonNode::array();
    for (const Scalar& scalar : definition.allowed) allowed.items.push_back(to_json(scalar));
    JsonNode node = JsonNode::object({{"format", JsonNode::of(to_string(definition.format))},
                                      {"unit", JsonNode::of(definition.unit)},
                                      {"settable", JsonNode::of(definition.settable)},
                                      {"sync", JsonNode::of(definition.sync)},
                                      {"allowed", std::move(allowed)}});
    if (definition.initial) node.put("initial", to_json(*definition.initial));
    return node;
}

JsonNode to_json(const Resources& resources) {
    JsonNode node = JsonNode::object();
    for (const auto& [alias, definition] : resources) node.members.push_back({alias, 0, to_json(definition)});
    return node;
}

}  // namespace config
