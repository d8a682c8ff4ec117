// Operations on the tags of identities: {name, value}, several values to a name, unseen by the device.
#include "server/api/base/handlers.h"
#include "server/api/murano/device2_call.h"

#include <algorithm>
#include <array>

namespace api {

using config::JsonNode;

namespace {

struct Tag {
    std::string name, value;
    bool any_value = false;  // none was given
};

// {name, value} flat, or within `tag`.
Tag read_tag(const Call& call) {
    auto& object = call.body.object();
    const JsonNode* inner = object.find("tag");
    config::ObjectReader within(inner, object.path_of("tag"), object.context());
    auto& from = inner != nullptr ? within : object;
    const auto name = call.body.text(from, "name");
    const auto value = call.body.text(from, "value");
    return {name.value_or(""), value.value_or(""), !value};
}

JsonNode tags_of(const device::IdentityView& view) {
    auto parsed =
        config::parse_json(view.row.tags_json.empty() ? "[]" : view.row.tags_json, config::JsonDialect::strict);
    return parsed.root ? std::move(*parsed.root) : JsonNode::array();
}

bool is_tag(const JsonNode& node, const Tag& tag) {
    const JsonNode* name = node.find("name");
    const JsonNode* value = node.find("value");
    if (name == nullptr || name->text != tag.name) return false;
    return tag.any_value || (value != nullptr && value->text == tag.value);
}

Outcome keep(const Call& call, const std::string& identity, const JsonNode& tags) {
    device::IdentityChange change;
    change.tags_json = config::to_json_text(tags);
    return done(call.services.identities.patch_identity(call.connector, identity, change));
}

// Runs `then` with the tag of the arguments and the tags that the identity has.
template <typename Then>
Outcome with_tags(const Call& call, bool name_is_needed, const Then& then) {
    const auto tag = read_tag(call);
    return with_argument(call, "identity", [&](const std::string& identity) -> Outcome {
        if (name_is_needed && tag.name.empty()) return bad_request("is needed", "$.name");
        const auto view = call.services.identities.identity(call.connector, identity);
        if (!view) return not_found("no such identity");  // [D17]
        return then(identity, tag, tags_of(*view));
    });
}

Outcome add(const Call& call) {
    return with_tags(call, true, [&](const std::string& identity, const Tag& tag, JsonNode tags) -> Outcome {
        if (tag.any_value) return bad_request("is needed", "$.value");
        const auto same = [&tag](const JsonNode& node) { return is_tag(node, tag); };
        if (std::any_of(tags.items.begin(), tags.items.end(), same)) return empty_response();
        tags.items.push_back(JsonNode::object({{"name", JsonNode::of(tag.name)}, {"value", JsonNode::of(tag.value)}}));
        return keep(call, identity, tags);
    });
}

Outcome remove(const Call& call) {
    return with_tags(call, true, [&](const std::string& identity, const Tag& tag, JsonNode tags) -> Outcome {
        if (std::erase_if(tags.items, [&tag](const JsonNode& node) { return is_tag(node, tag); }) == 0) {
            return not_found("this identity has no such tag");
        }
        return keep(call, identity, tags);
    });
}

Outcome show(const Call& call) {
    return with_tags(call, false, [](const std::string&, const Tag& tag, JsonNode tags) -> Outcome {
        if (!tag.name.empty()) std::erase_if(tags.items, [&tag](const JsonNode& node) { return !is_tag(node, tag); });
        return json_response(tags);
    });
}

Outcome list_names(const Call& call) {
    return in_slices(call.services.identities.tag_names(call.connector),
                     [](const std::vector<std::string>& names) { return json_response(JsonNode::array_of(names)); });
}

constexpr std::array all{
    Operation{"addIdentityTag", add},     Operation{"removeIdentityTag", remove}, Operation{"getIdentityTag", show},
    Operation{"listTagName", list_names}, Operation{"listTagNames", list_names},
};

}  // namespace

std::span<const Operation> tag_operations() {
    return all;
}

}  // namespace api
