#include "config/json_tree.h"

#include <algorithm>
#include <map>
#include <set>

namespace config {

namespace {

bool plain_word(std::string_view key) {
    const auto plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    };
    return !key.empty() && std::all_of(key.begin(), key.end(), plain);
}

auto find_member(std::vector<JsonMember>& members, std::string_view key) {
    return std::find_if(members.begin(), members.end(), [key](const JsonMember& member) { return member.key == key; });
}

}  // namespace

JsonNode::JsonNode() = default;
JsonNode::JsonNode(const JsonNode& other) = default;
JsonNode::JsonNode(JsonNode&& other) noexcept = default;
JsonNode& JsonNode::operator=(const JsonNode& other) = default;
JsonNode& JsonNode::operator=(JsonNode&& other) noexcept = default;
JsonNode::~JsonNode() = default;

JsonNode JsonNode::of(bool value) {
    JsonNode node;
    node.kind = Kind::boolean;
    node.truth = value;
    return node;
}

JsonNode JsonNode::of(std::string_view value) {
    JsonNode node;
    node.kind = Kind::string;
    node.text = value;
    return node;
}

JsonNode JsonNode::number(std::string_view exact_text) {
    JsonNode node;
    node.kind = Kind::number;
    node.text = exact_text;
    return node;
}

JsonNode JsonNode::array(std::vector<JsonNode> values) {
    JsonNode node;
    node.kind = Kind::array;
    node.items = std::move(values);
    return node;
}

JsonNode JsonNode::array_of(const std::vector<std::string>& texts) {
    JsonNode node = array();
    for (const std::string& text : texts) node.items.push_back(of(text));
    return node;
}

JsonNode JsonNode::object() {
    JsonNode node;
    node.kind = Kind::object;
    return node;
}

JsonNode JsonNode::object(std::initializer_list<JsonEntry> entries) {
    JsonNode node = object();
    node.members.reserve(entries.size());
    for (const auto& [key, value] : entries) node.members.push_back({std::string(key), 0, std::move(value)});
    return node;
}

const JsonNode* JsonNode::find(std::string_view key) const& {
    for (const JsonMember& member : members) {
        if (member.key == key) return &member.value;
    }
    return nullptr;
}

void JsonNode::put(std::string_view key, JsonNode value) {
    const auto found = find_member(members, key);
    if (found == members.end()) {
        members.push_back({std::string(key), value.offset, std::move(value)});
    } else {
        found->value = std::move(value);
    }
}

bool JsonNode::erase(std::string_view key) {
    const auto found = find_member(members, key);
    if (found == members.end()) return false;
    members.erase(found);
    return true;
}

void merge_patch(JsonNode& target, const JsonNode& patch) {
    if (!patch.is(JsonNode::Kind::object)) {
        target = patch;
        return;
    }
    if (!target.is(JsonNode::Kind::object)) target = JsonNode::object();
    target.offset = patch.offset;
    // An index, because a patch of tens of thousands of resources must not cost their square.
    std::map<std::string, std::size_t> index;
    for (std::size_t i = 0; i < target.members.size(); ++i) index.emplace(target.members[i].key, i);
    std::set<std::string, std::less<>> removed;
    for (const JsonMember& change : patch.members) {
        if (change.value.is(JsonNode::Kind::null)) {
            removed.insert(change.key);
            continue;
        }
        const auto [place, added] = index.emplace(change.key, target.members.size());
        if (added) target.members.push_back({change.key, 0, JsonNode()});
        JsonMember& member = target.members[place->second];
        member.key_offset = change.key_offset;
        merge_patch(member.value, change.value);
    }
    std::erase_if(target.members, [&removed](const JsonMember& member) { return removed.contains(member.key); });
}

std::string child_path(std::string_view path, std::string_view key) {
    std::string whole(path);
    if (!plain_word(key)) return whole + "[" + to_json_text(JsonNode::of(key)) + "]";
    if (!whole.empty()) whole += '.';
    return whole.append(key);
}

std::string item_path(std::string_view path, std::size_t index) {
    return std::string(path) + "[" + std::to_string(index) + "]";
}

}  // namespace config
