// Operations on identities and their state. Arguments as the REST calls take them, the identity among them.
#include "server/api/base/handlers.h"
#include "server/api/murano/device2_call.h"
#include "server/api/murano/identity_json.h"
#include "server/api/murano/identity_query.h"

#include <array>

namespace api {

using config::JsonNode;

namespace {

Outcome put(const Call& call) {
    const auto change = read_identity_change(call.body);
    return with_argument(call, "identity", [&](const std::string& identity) {
        return done(call.services.identities.put_identity(call.connector, identity, change));
    });
}

Outcome update(const Call& call) {
    const auto change = read_identity_change(call.body);
    return with_argument(call, "identity", [&](const std::string& identity) {
        return done(call.services.identities.patch_identity(call.connector, identity, change));
    });
}

// A name of the server's own, where none is given and the connector wants no form. [murano-facts 2.3]
std::string invented(const Call& call) {
    const auto format = call.services.connectors.connector_settings(call.connector).identity_format;
    if (format.type != config::IdentityType::opaque) return {};
    return format.prefix + call.services.random.text(16, "abcdefghijklmnopqrstuvwxyz0123456789");
}

Outcome make(const Call& call) {
    const auto change = read_identity_change(call.body);
    const auto given = call.body.text(call.body.object(), "identity");
    if (auto error = call.body.error()) return *error;
    const auto identity = given.value_or(invented(call));
    if (identity.empty()) return bad_request("is needed: this connector's identities have a format", "$.identity");
    if (call.services.identities.identity(call.connector, identity)) {
        return Error{409, "conflict", "this identity is there already", "$.identity"};
    }
    if (auto failure = call.services.identities.put_identity(call.connector, identity, change)) return *failure;
    return one_identity(call.services, call.connector, identity);
}

// `identities`: names, or objects with a name each; what stands beside them is for all that say nothing themselves.
std::vector<device::NamedChange> read_list(const Call& call) {
    std::vector<device::NamedChange> changes;
    auto& object = call.body.object();
    const auto common = read_identity_change(call.body);
    const auto path = object.path_of("identities");
    const JsonNode* list = object.find("identities");
    if (list == nullptr || !list->is(JsonNode::Kind::array)) {
        call.body.refuse(list, path, "must be an array of identities");
        return changes;
    }
    for (std::size_t index = 0; index < list->items.size(); ++index) {
        const auto& item = list->items[index];
        if (item.is(JsonNode::Kind::string)) {
            changes.push_back({item.text, common});
            continue;
        }
        config::ObjectReader reader(&item, config::item_path(path, index), object.context());
        const auto identity = call.body.text(reader, "identity");
        if (!identity) call.body.refuse(&item, reader.path_of("identity"), "is needed");
        auto own = read_identity_change(call.body, reader);
        const bool says_nothing =
            !own.locked && !own.auth_type && !own.auth_key && !own.auth_expire_us && !own.tags_json;
        changes.push_back({identity.value_or(""), says_nothing ? common : own});
    }
    return changes;
}

Outcome change_list(const Call& call, device::Unknown unknown) {
    auto changes = read_list(call);
    if (auto error = call.body.error()) return *error;
    return in_slices(call.services.identities.change_identities(call.connector, std::move(changes), unknown),
                     [](const device::Failure& failure) { return done_response(Family::murano, failure); });
}

Outcome add_list(const Call& call) {
    return change_list(call, device::Unknown::make);
}

Outcome update_list(const Call& call) {
    return change_list(call, device::Unknown::refuse);
}

Outcome remove(const Call& call) {
    return with_argument(call, "identity", [&](const std::string& identity) {
        return done(call.services.identities.delete_identity(call.connector, identity));
    });
}

Outcome show(const Call& call) {
    return with_argument(call, "identity", [&](const std::string& identity) {
        return one_identity(call.services, call.connector, identity);
    });
}

std::variant<device::IdentityQuery, Error> read_query(const Call& call) {
    return read_identity_query(
        [&](std::string_view name) -> std::optional<std::string> {
            const JsonNode* node = call.body.object().find(name);
            if (node == nullptr) return std::nullopt;
            const bool is_text = node->is(JsonNode::Kind::string) || node->is(JsonNode::Kind::number);
            return is_text ? node->text : config::to_json_text(*node);
        },
        "$.");
}

Outcome list(const Call& call) {
    const auto query = read_query(call);
    if (const auto* error = std::get_if<Error>(&query)) return *error;
    return identity_list(call.services, call.connector, std::get<device::IdentityQuery>(query));
}

Outcome count(const Call& call) {
    const auto query = read_query(call);
    if (const auto* error = std::get_if<Error>(&query)) return *error;
    auto search = call.services.identities.select_identities(call.connector, std::get<device::IdentityQuery>(query));
    return in_slices(std::move(search), [](const device::IdentitySelection& selection) {
        return json_response(JsonNode::object({{"count", number_node(static_cast<std::int64_t>(selection.found))}}));
    });
}

Outcome show_state(const Call& call) {
    return with_argument(call, "identity", [&](const std::string& identity) -> Outcome {
        const auto state = call.services.state.state(call.connector, identity);
        if (!state) return not_found("no such identity");  // [D17]
        return json_response(state_json(*state));
    });
}

// {identity, <alias>: value…}
Outcome set_state(const Call& call) {
    return with_argument(call, "identity", [&](const std::string& identity) {
        return done(
            call.services.state.set_state(call.connector, identity, read_state_writes(*call.body.root(), "identity")));
    });
}

constexpr std::array all{
    Operation{"addIdentity", put},
    Operation{"addIdentities", add_list},
    Operation{"makeIdentity", make},
    Operation{"updateIdentity", update},
    Operation{"updateIdentities", update_list},
    Operation{"removeIdentity", remove},
    Operation{"getIdentity", show},
    Operation{"listIdentities", list},
    Operation{"countIdentities", count},
    Operation{"getIdentityState", show_state},
    Operation{"setIdentityState", set_state},
};

}  // namespace

std::span<const Operation> identity_operations() {
    return all;
}

}  // namespace api
