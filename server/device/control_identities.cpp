// Identities and their state as the control side sees them.

#include "config/names.h"
#include "server/device/connector.h"
#include "server/device/control_service.h"
#include "server/murano/identity_rules.h"
#include "server/murano/status.h"

#include <set>

namespace device {
namespace {

ControlError unknown_identity(std::string_view identity) {
    return {404, "not_found", "There is no identity \"" + std::string(identity) + "\".", {}};  // [D17]
}

ControlError too_many_identities(std::string path) {
    return {507, "limit",
            "The connector would have more identities than limits.max_identities allows: delete those that are not "
            "needed any more, or raise the limit.",
            std::move(path)};
}

config::AuthType type_of(const Connector& connector, const IdentityChange& change) {
    const bool names_type = change.auth_type && !change.auth_type->empty();
    const auto type = names_type ? config::parse_auth_type(*change.auth_type) : std::nullopt;
    return type.value_or(connector.settings.provisioning.auth_type);
}

bool names_token(const Connector& connector, const IdentityChange& change) {
    return change.auth_key && !change.auth_key->empty() && type_of(connector, change) == config::AuthType::token;
}

}  // namespace

Device* ControlService::find(std::string_view connector, std::string_view identity) {
    auto* known = parts_.table.find_connector(connector);
    return known == nullptr ? nullptr : parts_.table.find(*known, identity);
}

IdentityView ControlService::view_of(const storage::IdentityRow& row, const Device* device) const {
    const bool has_credential = !row.auth_type.empty() && !row.key.empty();
    return {row,
            std::string(murano::identity_status({row.locked, row.expired, row.reprovision, has_credential})),
            device != nullptr && !device->links.empty(),
            {}};
}

std::optional<IdentityView> ControlService::identity(std::string_view connector, std::string_view identity) {
    const auto* device = find(connector, identity);
    if (device == nullptr) return std::nullopt;
    auto view = view_of(device->row, device);
    view.state = parts_.state.entries(*device);
    return view;
}

Failure ControlService::check_change(Connector& connector, std::string_view identity, const IdentityChange& change) {
    if (const auto finding = murano::check_identity(connector.settings.identity_format, identity)) {
        return ControlError{400, "bad_identity", finding->message + " " + finding->hint, "$.identity"};
    }
    const bool names_type = change.auth_type && !change.auth_type->empty();
    if (names_type && !config::parse_auth_type(*change.auth_type)) {
        return ControlError{400, "bad_request", "auth.type is one of token, password, certificate.", "$.auth.type"};
    }
    if (!change.auth_key || change.auth_key->empty()) return std::nullopt;
    if (type_of(connector, change) == config::AuthType::certificate) {
        std::string error;
        if (!parts_.context.certificates.describe(*change.auth_key, error)) {
            return ControlError{400, "bad_request", "auth.key is no certificate in PEM: " + error, "$.auth.key"};
        }
    } else if (const auto* other = parts_.table.find_by_token(connector, *change.auth_key);
               other != nullptr && other->row.identity != identity && other->row.key == *change.auth_key) {
        return ControlError{409, "conflict", "Another identity of this connector has this token.", "$.auth.key"};
    }
    return std::nullopt;
}

Failure ControlService::change_identity(Device& device, const IdentityChange& change) {
    const auto at = now(device.connector->id);
    if (change.auth_expire_us == 0) {
        parts_.lifecycle.revoke(device, at);
    } else if (change.auth_expire_us) {
        device.row.expire_us = change.auth_expire_us;
        device.row.expired = false;
    }
    if (change.auth_key && !change.auth_key->empty()) {
        device.row.auth_type = config::to_string(type_of(*device.connector, change));
        device.row.key = *change.auth_key;
        device.row.reprovision = false;
    }
    if (change.tags_json) device.row.tags_json = *change.tags_json;
    if (change.locked) parts_.lifecycle.set_locked(device, *change.locked, at);
    parts_.table.keep_identity(device);
    return std::nullopt;
}

Failure ControlService::put_identity(std::string_view connector, std::string_view identity,
                                     const IdentityChange& change) {
    auto* known = parts_.table.find_or_make_connector(connector);
    if (known == nullptr) return ControlError{404, "not_found", "There is no such connector.", {}};
    if (auto failure = check_change(*known, identity, change)) return failure;
    auto* device = parts_.table.find(*known, identity);
    if (device == nullptr && parts_.table.room_for_identities(*known) == 0) return too_many_identities("$.identity");
    if (device == nullptr) device = &parts_.table.make_device(*known, identity, now(connector).wall_us);
    return change_identity(*device, change);
}

Failure ControlService::patch_identity(std::string_view connector, std::string_view identity,
                                       const IdentityChange& change) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    if (auto failure = check_change(*device->connector, identity, change)) return failure;
    return change_identity(*device, change);
}

Failure ControlService::check_changes(Connector& connector, const std::vector<NamedChange>& changes, Unknown unknown) {
    std::set<std::string_view> tokens;
    std::set<std::string_view> new_ones;
    const auto room = parts_.table.room_for_identities(connector);
    for (std::size_t index = 0; index < changes.size(); ++index) {
        const auto& [identity, change] = changes[index];
        auto failure = check_change(connector, identity, change);
        if (!failure && parts_.table.find(connector, identity) == nullptr) {
            new_ones.insert(identity);
            if (unknown == Unknown::refuse) failure = unknown_identity(identity);
            if (!failure && new_ones.size() > room) failure = too_many_identities("$.identity");
        }
        // Two of one list would not find each other in the table.
        if (!failure && names_token(connector, change) && !tokens.insert(*change.auth_key).second) {
            failure = ControlError{409, "conflict", "Two identities of the list have the same token.", "$.auth.key"};
        }
        if (!failure) continue;
        const auto within = failure->path.empty() ? std::string() : failure->path.substr(1);
        failure->path = "$[" + std::to_string(index) + "]" + within;
        return failure;
    }
    return std::nullopt;
}

Failure ControlService::change_identities(std::string_view connector, const std::vector<NamedChange>& changes,
                                          Unknown unknown) {
    auto* known = parts_.table.find_or_make_connector(connector);
    if (known == nullptr) return ControlError{404, "not_found", "There is no such connector.", {}};
    if (auto failure = check_changes(*known, changes, unknown)) return failure;
    for (const auto& [identity, change] : changes) {
        auto* device = parts_.table.find(*known, identity);
        if (device == nullptr) device = &parts_.table.make_device(*known, identity, now(connector).wall_us);
        change_identity(*device, change);
    }
    return std::nullopt;
}

Failure ControlService::delete_identity(std::string_view connector, std::string_view identity) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    for (const auto& row : parts_.context.reader.content(connector)) {
        if (row.owner == identity) (void)delete_content(connector, row.id);  // its uploads go with it [R63]
    }
    parts_.lifecycle.remove(*device, now(connector));
    return std::nullopt;
}

std::optional<std::vector<StateEntry>> ControlService::state(std::string_view connector, std::string_view identity) {
    const auto* device = find(connector, identity);
    if (device == nullptr) return std::nullopt;
    return parts_.state.entries(*device);
}

Failure ControlService::set_state(std::string_view connector, std::string_view identity,
                                  const std::vector<StateWrite>& writes) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    return parts_.state.set(*device, writes, now(connector));
}

Failure ControlService::publish(std::string_view connector, std::string_view identity, std::string_view topic,
                                std::string_view payload) {
    auto* device = find(connector, identity);
    if (device == nullptr) return unknown_identity(identity);
    parts_.delivery.to_subscribers(*device, topic, payload, now(connector));
    return std::nullopt;
}

}  // namespace device
