#include "server/api/murano/identity_json.h"

#include "server/api/base/answers.h"

namespace api {

using config::JsonNode;

namespace {

JsonNode value_node(journal::ValueKind kind, const std::string& text) {
    if (kind == journal::ValueKind::number) return JsonNode::number(text);
    if (kind == journal::ValueKind::boolean) return JsonNode::of(text == "true");
    return JsonNode::of(std::string_view(text));
}

JsonNode auth_json(const storage::IdentityRow& row, std::string_view whitelisted_type) {
    JsonNode auth = JsonNode::object(
        {{"type", JsonNode::of(row.auth_type.empty() ? whitelisted_type : std::string_view(row.auth_type))}});
    if (row.expire_us) auth.put("expire", number_node(*row.expire_us));
    return auth;
}

JsonNode tags_json(const std::string& text) {
    if (text.empty()) return JsonNode::array();
    auto parsed = config::parse_json(text, config::JsonDialect::strict);
    return parsed.root ? std::move(*parsed.root) : JsonNode::array();
}

void read_auth(JsonBody& body, config::ObjectReader& auth, device::IdentityChange& change) {
    if (auto type = body.text(auth, "type")) change.auth_type = std::move(*type);
    if (auto key = body.text(auth, "key")) change.auth_key = std::move(*key);
    if (auto expire = body.integer(auth, "expire", true)) change.auth_expire_us = *expire;
}

device::JsonKind kind_of(const JsonNode& node) {
    switch (node.kind) {
        case JsonNode::Kind::null:
            return device::JsonKind::null;
        case JsonNode::Kind::boolean:
            return device::JsonKind::boolean;
        case JsonNode::Kind::number:
            return device::JsonKind::number;
        case JsonNode::Kind::string:
            return device::JsonKind::string;
        case JsonNode::Kind::array:
            return device::JsonKind::array;
        case JsonNode::Kind::object:
            break;
    }
    return device::JsonKind::object;
}

}  // namespace

JsonNode state_json(const std::vector<device::StateEntry>& state) {
    JsonNode all = JsonNode::object();
    for (const device::StateEntry& entry : state) {
        JsonNode one = JsonNode::object();
        if (entry.reported) one.put("reported", value_node(entry.kind, *entry.reported));
        if (entry.set) one.put("set", value_node(entry.kind, *entry.set));
        one.put("timestamp", number_node(entry.timestamp_us));
        all.put(entry.alias, std::move(one));
    }
    return all;
}

std::vector<device::StateWrite> read_state_writes(const JsonNode& values, std::string_view except) {
    std::vector<device::StateWrite> writes;
    for (const config::JsonMember& member : values.members) {
        if (member.key == except) continue;
        const JsonNode& value = member.value;
        std::string text = value.is(JsonNode::Kind::boolean) ? (value.truth ? "true" : "false") : value.text;
        writes.push_back({member.key, kind_of(value), std::move(text)});
    }
    return writes;
}

JsonNode identity_json(const device::IdentityView& view, std::string_view whitelisted_type) {
    const storage::IdentityRow& row = view.row;
    return JsonNode::object({{"identity", JsonNode::of(row.identity)},
                             {"auth", auth_json(row, whitelisted_type)},
                             {"locked", JsonNode::of(row.locked)},
                             {"reprovision", JsonNode::of(row.reprovision)},
                             {"devmode", JsonNode::of(row.devmode)},
                             {"lastip", JsonNode::of(row.last_ip)},
                             {"lastseen", number_node(row.last_seen_us)},
                             {"status", JsonNode::of(view.status)},
                             {"online", JsonNode::of(view.online)},
                             {"state", state_json(view.state)},
                             {"tags", tags_json(row.tags_json)}});
}

device::IdentityChange read_identity_change(JsonBody& body) {
    return read_identity_change(body, body.object());
}

device::IdentityChange read_identity_change(JsonBody& body, config::ObjectReader& object) {
    device::IdentityChange change;
    change.locked = body.boolean(object, "locked");
    if (const JsonNode* auth = object.find("auth")) {
        config::ObjectReader reader(auth, object.path_of("auth"), object.context());
        read_auth(body, reader, change);
    } else {
        read_auth(body, object, change);
        for (const char* key : {"publickey", "privatekey"}) {
            if (auto text = body.text(object, key)) change.auth_key = std::move(*text);
        }
    }
    if (const JsonNode* tags = object.find("tags")) {
        if (!tags->is(JsonNode::Kind::array))
            body.refuse(tags, object.path_of("tags"), "must be an array of {name, value}");
        change.tags_json = config::to_json_text(*tags);
    }
    return change;
}

}  // namespace api
