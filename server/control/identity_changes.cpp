#include "server/control/identity_changes.h"

#include "server/core/connector.h"
#include "server/murano/identity_rules.h"

#include <string>
#include <utility>

namespace device {

ControlError unknown_identity(std::string_view identity) {
    return {ErrorKind::not_found, "There is no identity \"" + std::string(identity) + "\".", {}};
}

ControlError too_many_identities(std::string path) {
    return {ErrorKind::full,
            "The connector would have more identities than limits.max_identities allows: delete those that are not "
            "needed any more, or raise the limit.",
            std::move(path)};
}

config::AuthType IdentityChanges::type_of(const Connector& connector, const IdentityChange& change) {
    const bool names_type = change.auth_type && !change.auth_type->empty();
    const auto type = names_type ? config::parse_auth_type(*change.auth_type) : std::nullopt;
    return type.value_or(connector.settings.provisioning.auth_type);
}

bool IdentityChanges::names_token(const Connector& connector, const IdentityChange& change) {
    return change.auth_key && !change.auth_key->empty() && type_of(connector, change) == config::AuthType::token;
}

Failure IdentityChanges::check(Connector& connector, std::string_view identity, const IdentityChange& change) {
    if (const auto finding = murano::check_identity(connector.settings.identity_format, identity)) {
        return ControlError{ErrorKind::bad_identity, finding->message + " " + finding->hint, "$.identity"};
    }
    const bool names_type = change.auth_type && !change.auth_type->empty();
    if (names_type && !config::parse_auth_type(*change.auth_type)) {
        return ControlError{ErrorKind::bad_request, "auth.type is one of token, password, certificate.", "$.auth.type"};
    }
    if (!change.auth_key || change.auth_key->empty()) return std::nullopt;
    if (type_of(connector, change) == config::AuthType::certificate) {
        std::string error;
        if (!context_.certificates.describe(*change.auth_key, error)) {
            return ControlError{ErrorKind::bad_request, "auth.key is not a certificate in PEM: " + error, "$.auth.key"};
        }
    } else if (const auto* other = table_.find_by_token(connector, *change.auth_key);
               other != nullptr && other->row.identity != identity && other->row.key == *change.auth_key) {
        return ControlError{ErrorKind::conflict, "Another identity of this connector has this token.", "$.auth.key"};
    }
    return std::nullopt;
}

void IdentityChanges::apply(Device& device, const IdentityChange& change) {
    const auto at = context_.clock.now(device.connector->id);
    if (change.auth_expire_us == 0) lifecycle_.revoke(device, at);
    apply_plain(*device.connector, device.row, change);
    if (change.locked) lifecycle_.set_locked(device, *change.locked, at);
    table_.keep_identity(device);
}

void IdentityChanges::apply_plain(const Connector& connector, storage::IdentityRow& row, const IdentityChange& change) {
    if (change.auth_expire_us && change.auth_expire_us != 0) {
        row.expire_us = change.auth_expire_us;
        row.expired = false;
    }
    if (change.auth_key && !change.auth_key->empty()) {
        row.auth_type = config::to_string(type_of(connector, change));
        row.key = *change.auth_key;
        row.reprovision = false;
    }
    if (change.tags_json) row.tags_json = *change.tags_json;
}

}  // namespace device
