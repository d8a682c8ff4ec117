#include "config/json_tree.h"

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace config {

namespace {

rapidjson::SizeType size_of(const std::string& text) {
    return static_cast<rapidjson::SizeType>(text.size());
}

// Recursion is bounded by the depth of the tree, which parse_json limits.
template <typename Writer>
void write(Writer& writer, const JsonNode& node) {
    switch (node.kind) {
        case JsonNode::Kind::null:
            writer.Null();
            break;
        case JsonNode::Kind::boolean:
            writer.Bool(node.truth);
            break;
        case JsonNode::Kind::number:
            writer.RawValue(node.text.data(), node.text.size(), rapidjson::kNumberType);
            break;
        case JsonNode::Kind::string:
            writer.String(node.text.data(), size_of(node.text));
            break;
        case JsonNode::Kind::array:
            writer.StartArray();
            for (const JsonNode& item : node.items) write(writer, item);
            writer.EndArray();
            break;
        case JsonNode::Kind::object:
            writer.StartObject();
            for (const JsonMember& member : node.members) {
                writer.Key(member.key.data(), size_of(member.key));
                write(writer, member.value);
            }
            writer.EndObject();
            break;
    }
}

}  // namespace

std::string to_json_text(const JsonNode& node) {
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
    write(writer, node);
    return {buffer.GetString(), buffer.GetSize()};
}

std::string to_pretty_json_text(const JsonNode& node) {
    rapidjson::StringBuffer buffer;
    rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
    writer.SetIndent(' ', 2);
    write(writer, node);
    return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace config
