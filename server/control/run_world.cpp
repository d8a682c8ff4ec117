#include "server/control/run_world.h"

#include "server/core/connector.h"
#include "server/core/device_table.h"
#include "server/device/delivery.h"
#include "server/device/lifecycle.h"
#include "server/device/state.h"

#include <algorithm>

namespace device {

Device* RunWorld::find(Whom whom) {
    auto* connector = parts_.table.find_connector(whom.connector);
    auto* device = connector == nullptr ? nullptr : parts_.table.find(*connector, whom.identity);
    if (device != nullptr) parts_.table.look_at(*device);
    return device;
}

std::vector<std::pair<std::string, std::string>> RunWorld::connections(Whom whom) {
    std::vector<std::pair<std::string, std::string>> all;
    if (const auto* device = find(whom))
        for (const auto* link : device->links) all.emplace_back(link->facts.connection_id, link->facts.ip);
    return all;
}

bool RunWorld::others_connected(Whom whom, std::string_view connector, std::string_view ip) {
    return std::ranges::any_of(parts_.table.connectors(), [&](const auto& named) {
        const std::string_view id = named.first;
        const auto& one = named.second;
        if (!connector.empty() && connector != id) return false;
        return std::ranges::any_of(one->links, [&](const Link* link) {
            if (link->client.device == nullptr || (!ip.empty() && link->facts.ip != ip)) return false;
            return id != whom.connector || link->client.device->row.identity != whom.identity;
        });
    });
}

void RunWorld::disconnect(Whom whom) {
    auto* device = find(whom);
    if (device == nullptr) return;
    parts_.lifecycle.close_all(*device, CloseReason::control, parts_.context.clock.now(whom.connector));
}

void RunWorld::publish(Whom whom, std::string_view topic, std::string_view payload) {
    if (auto* device = find(whom))
        parts_.delivery.to_device(*device, topic, payload, parts_.context.clock.now(whom.connector));
}

std::optional<storage::ValueRow> RunWorld::value(Whom whom, std::string_view alias) {
    const auto* device = find(whom);
    if (device == nullptr) return std::nullopt;
    const auto found = device->values.find(alias);
    return found == device->values.end() ? std::nullopt : std::optional(found->second.row);
}

void RunWorld::put_back(Whom whom, std::string_view alias, const std::optional<storage::ValueRow>& before) {
    auto* device = find(whom);
    if (device == nullptr) return;
    const auto found = device->values.find(alias);
    if (found == device->values.end()) return;
    auto& row = found->second.row;
    row.set = before ? before->set : std::nullopt;
    row.set_timestamp_us = before ? before->set_timestamp_us : 0;
    row.unacknowledged = before && before->unacknowledged;
    parts_.context.commits.value_changed(*device, found->second);
}

std::optional<storage::IdentityRow> RunWorld::row(Whom whom) {
    const auto* device = find(whom);
    return device == nullptr ? std::nullopt : std::optional(device->row);
}

std::optional<GuestLogin> RunWorld::login_of(Whom whom) {
    const auto* device = find(whom);
    if (device == nullptr || device->links.empty()) return std::nullopt;
    const auto& link = *device->links.back();
    GuestLogin login{.facts = link.facts, .client_id = link.client_id, .clean_session = link.clean_session};
    if (device->row.auth_type == "token") login.username = "";
    if (device->row.auth_type == "password") login.username = device->row.identity;
    if (login.username) login.password = device->row.key;
    return login;
}

void RunWorld::put_back_credential(Whom whom, const storage::IdentityRow& before) {
    auto* device = find(whom);
    if (device == nullptr || !device->row.key.empty()) return;
    auto& row = device->row;
    row.auth_type = before.auth_type;
    row.key = before.key;
    row.expire_us = before.expire_us;
    row.reprovision = before.reprovision;
    row.expired = before.expired;
    parts_.table.keep_identity(*device);
}

void RunWorld::age_sessions(Whom whom, std::int64_t hours) {
    auto* device = find(whom);
    if (device == nullptr) return;
    constexpr std::int64_t hour_us = 3'600'000'000;
    for (auto& session : device->sessions) {
        session.last_disconnect_us -= hours * hour_us;
        parts_.context.commits.change(storage::PutSession{session});
    }
    device->busy_until = parts_.context.commits.gate();
}

}  // namespace device
