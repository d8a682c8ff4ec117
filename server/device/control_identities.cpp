// Identities and their state as the control side sees them.

#include "config/names.h"
#include "server/device/connector.h"
#include "server/device/control_service.h"
#include "server/murano/identity_rules.h"
#include "server/murano/status.h"

#include <algorithm>
#include <tuple>

#include <boost/regex.hpp>
#include <rapidjson/document.h>

namespace device {
namespace {

constexpr std::uint32_t page = 1'000;

ControlError unknown_identity(std::string_view identity) {
    return {404, "not_found", "There is no identity \"" + std::string(identity) + "\".", {}};  // [D17]
}

// tags_json: an array of {name, value}; several values per name.
bool has_tag(const storage::IdentityRow& row, const IdentityQuery& query) {
    if (query.tag_name.empty()) return true;
    rapidjson::Document tags;
    tags.Parse(row.tags_json);
    if (!tags.IsArray()) return false;
    return std::any_of(tags.Begin(), tags.End(), [&](const auto& tag) {
        return tag.IsObject() && tag.HasMember("name") && tag.HasMember("value") && tag["name"] == query.tag_name &&
               (query.tag_value.empty() || tag["value"] == query.tag_value);
    });
}

}  // namespace

Device* ControlService::find(std::string_view connector, std::string_view identity) {
    auto* known = parts_.table.find_connector(connector);
    return known == nullptr ? nullptr : parts_.table.find(*known, identity);
}

IdentityView ControlService::view_of(const storage::IdentityRow& row, const Device* device) const {
    const bool has_credential = !row.auth_type.empty() && !row.key.empty();
    return {row, std::string(murano::identity_status({row.locked, row.expired, row.reprovision, has_credential})),
            device != nullptr && !device->links.empty()};
}

bool ControlService::selected(const IdentityView& view, const IdentityQuery& query) const {
    if (query.before_us && view.row.last_seen_us >= *query.before_us) return false;
    if (query.status == "devmode") return view.row.devmode;
    return query.status.empty() || view.status == query.status;
}

IdentityPage ControlService::identities(std::string_view connector, const IdentityQuery& query) {
    IdentityPage result;
    auto* known = parts_.table.find_connector(connector);
    if (known == nullptr) return result;
    boost::regex pattern;
    if (!query.pattern.empty()) pattern = boost::regex(query.pattern);
    std::string after;
    while (true) {
        auto rows = parts_.context.reader.identities(connector, after, page);
        for (auto& row : rows) {
            const auto in_memory = known->devices.find(row.identity);
            auto view = view_of(row, in_memory == known->devices.end() ? nullptr : in_memory->second.get());
            if (!selected(view, query) || !has_tag(row, query)) continue;
            if (!query.pattern.empty() && !boost::regex_search(row.identity, pattern)) continue;
            result.devices.push_back(std::move(view));
        }
        if (rows.size() < page) break;
        after = rows.back().identity;
    }
    std::sort(result.devices.begin(), result.devices.end(), [](const auto& a, const auto& b) {
        return std::tie(b.row.last_seen_us, a.row.identity) < std::tie(a.row.last_seen_us, b.row.identity);
    });
    result.may_load_more = result.devices.size() > query.limit;
    if (result.may_load_more) result.devices.resize(query.limit);
    return result;
}

std::optional<IdentityView> ControlService::identity(std::string_view connector, std::string_view identity) {
    const auto* device = find(connector, identity);
    if (device == nullptr) return std::nullopt;
    return view_of(device->row, device);
}

Failure ControlService::check_change(Connector& connector, std::string_view identity, const IdentityChange& change) {
    if (const auto finding = murano::check_identity(connector.settings.identity_format, identity)) {
        return ControlError{400, "bad_identity", finding->message + " " + finding->hint, "$.identity"};
    }
    const bool names_type = change.auth_type && !change.auth_type->empty();
    const auto type = names_type ? config::parse_auth_type(*change.auth_type) : std::nullopt;
    if (names_type && !type) {
        return ControlError{400, "bad_request", "auth.type is one of token, password, certificate.", "$.auth.type"};
    }
    if (!change.auth_key || change.auth_key->empty()) return std::nullopt;
    if (type.value_or(connector.settings.provisioning.auth_type) == config::AuthType::certificate) {
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
        const bool names_type = change.auth_type && !change.auth_type->empty();
        const auto type = names_type ? config::parse_auth_type(*change.auth_type) : std::nullopt;
        device.row.auth_type = config::to_string(type.value_or(device.connector->settings.provisioning.auth_type));
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
