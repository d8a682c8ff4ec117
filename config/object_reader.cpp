#include "config/object_reader.h"

#include "config/nearest.h"

#include <algorithm>

namespace config {

namespace {

constexpr std::size_t longest_quoted = 40;

std::string shortened(std::string_view text) {
    if (text.size() <= longest_quoted) return std::string(text);
    std::size_t end = longest_quoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no half character
    return std::string(text.substr(0, end)) + "…";
}

Problem located(const ReadContext& context, std::size_t offset, std::string path, std::string message) {
    const Position at = position_of(context.text, offset);
    return {std::string(context.source), at.line, at.column, std::move(path), std::move(message)};
}

}  // namespace

void ReadContext::error(std::size_t offset, std::string path, std::string message) const {
    // Counting lines costs time: not for thousands of mistakes that are only counted.
    problems.error(problems.wants_errors() ? located(*this, offset, std::move(path), std::move(message)) : Problem());
}

void ReadContext::warning(std::size_t offset, std::string path, std::string message) const {
    if (problems.wants_warnings()) problems.warning(located(*this, offset, std::move(path), std::move(message)));
}

std::string describe(const JsonNode& node) {
    switch (node.kind) {
        case JsonNode::Kind::null:
            return "null";
        case JsonNode::Kind::boolean:
            return node.truth ? "true" : "false";
        case JsonNode::Kind::number:
            return shortened(node.text);
        case JsonNode::Kind::string:
            return to_json_text(JsonNode::of(shortened(node.text)));
        case JsonNode::Kind::array:
            return "an array";
        case JsonNode::Kind::object:
            return "an object";
    }
    return "?";
}

ObjectReader::ObjectReader(const JsonNode* node, std::string path, const ReadContext& context)
    : node_(node), path_(std::move(path)), context_(context) {
    if (node_ == nullptr || node_->is(JsonNode::Kind::object)) return;
    // A text in the place of, say, "auth" may be a secret: it is not repeated.
    const auto found = node_->is(JsonNode::Kind::string) ? "a string" : describe(*node_);
    context_.error(node_->offset, path_, "found " + found + ", expected an object");
    node_ = nullptr;
}

const JsonNode* ObjectReader::find(std::string_view key) {
    known_.emplace_back(key);
    return node_ == nullptr ? nullptr : node_->find(key);
}

void ObjectReader::read(std::string_view key, bool& value) {
    const JsonNode* node = find(key);
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::boolean)) return wrong(*node, path_of(key), "true or false");
    value = node->truth;
}

void ObjectReader::read(std::string_view key, std::string& value) {
    const JsonNode* node = find(key);
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::string)) return wrong(*node, path_of(key), "a string");
    value = node->text;
}

void ObjectReader::read_nullable(std::string_view key, std::string& value) {
    const JsonNode* node = find(key);
    if (node != nullptr && node->is(JsonNode::Kind::null)) {
        value.clear();
    } else {
        read(key, value);
    }
}

void ObjectReader::read(std::string_view key, std::vector<std::string>& value) {
    const JsonNode* node = find(key);
    if (node == nullptr) return;
    if (!node->is(JsonNode::Kind::array)) return wrong(*node, path_of(key), "an array of strings");
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < node->items.size(); ++i) {
        const JsonNode& item = node->items[i];
        if (!item.is(JsonNode::Kind::string)) return wrong(item, item_path(path_of(key), i), "a string");
        texts.push_back(item.text);
    }
    value = std::move(texts);
}

const std::string_view* ObjectReader::chosen(std::string_view key, const JsonNode& node,
                                             std::span<const std::string_view> names) {
    const auto found = std::find(names.begin(), names.end(), node.text);
    if (node.is(JsonNode::Kind::string) && found != names.end()) return &*found;
    std::string expected = "one of";
    for (const std::string_view name : names) expected.append(name == names.front() ? " " : ", ").append(name);
    const auto meant = nearest(node.text, names);
    if (meant && node.is(JsonNode::Kind::string)) expected += "; did you mean \"" + *meant + "\"?";
    wrong(node, path_of(key), expected);
    return nullptr;
}

void ObjectReader::wrong(const JsonNode& node, const std::string& path, std::string_view expected) const {
    context_.error(node.offset, path, "found " + describe(node) + ", expected " + std::string(expected));
}

void ObjectReader::finish() const {
    if (node_ == nullptr) return;
    const bool strict = context_.mode == KeyMode::strict;
    for (const JsonMember& member : node_->members) {
        if (std::find(known_.begin(), known_.end(), member.key) != known_.end()) continue;
        if (!(strict ? context_.problems.wants_errors() : context_.problems.wants_warnings())) return;
        std::string message = "unknown key";
        if (const auto meant = nearest(member.key, known_)) message += ", did you mean \"" + *meant + "\"?";
        if (strict) {
            context_.error(member.key_offset, path_of(member.key), message);
        } else {
            context_.warning(member.key_offset, path_of(member.key), message + " (ignored)");
        }
    }
}

}  // namespace config
