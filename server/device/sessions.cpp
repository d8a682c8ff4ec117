#include "server/device/sessions.h"

#include "server/core/connector.h"
#include "server/core/device_table.h"

#include <algorithm>
#include <limits>

namespace device {
namespace {

std::size_t index_of(const Device& device, std::string_view client_id) {
    const auto found = std::find_if(device.sessions.begin(), device.sessions.end(),
                                    [&](const auto& session) { return session.client_id == client_id; });
    return static_cast<std::size_t>(found - device.sessions.begin());
}

bool has_connection(const Device& device, const storage::SessionRow& session) {
    return std::any_of(device.links.begin(), device.links.end(),
                       [&](const auto* link) { return link->keep_session && link->client_id == session.client_id; });
}

}  // namespace

void Sessions::erase(Device& device, std::size_t index) {
    context_.commits.change(storage::DeleteSession{device.row.device_id, device.sessions[index].client_id});
    device.sessions.erase(device.sessions.begin() + static_cast<std::ptrdiff_t>(index));
    device.busy_until = context_.commits.gate();
}

void Sessions::keep(Device& device, const storage::SessionRow& session) {
    context_.commits.change(storage::PutSession{session});
    device.busy_until = context_.commits.gate();
}

void Sessions::erase_others(Link& link, std::int64_t now_us) {
    auto& device = *link.client.device;
    for (std::size_t index = device.sessions.size(); index-- > 0;) {
        const auto& session = device.sessions[index];
        if (session.client_id == link.client_id) continue;
        if (link.clean_session) {
            // [R18] stays unless older than 24 h; that of a connected client is not touched [R18a]
            if (!session.connected && older_than_24h(session.last_disconnect_us, now_us)) erase(device, index);
            continue;
        }
        // [R20] erased whatever its age; a connected one lives on, but is not kept when its connection ends
        for (auto* other : device.links) {
            if (other != &link && other->client_id == session.client_id) other->keep_session = false;
        }
        erase(device, index);
    }
}

bool Sessions::begin(Link& link, std::int64_t now_us) {
    auto& device = *link.client.device;
    erase_others(link, now_us);
    const auto own = index_of(device, link.client_id);
    const bool stored = own < device.sessions.size();
    if (link.clean_session) {
        if (stored) erase(device, own);  // [R17]
        return false;
    }
    link.keep_session = true;
    if (!stored) {
        device.sessions.push_back({.device_id = device.row.device_id, .client_id = link.client_id, .filters = {}});
    }
    auto& session = device.sessions[own];
    session.connected = true;
    link.filters = session.filters;  // [R19]
    keep(device, session);
    return stored;
}

void Sessions::filters_changed(Link& link) {
    if (link.client.device == nullptr || !link.keep_session) return;
    auto& device = *link.client.device;
    const auto own = index_of(device, link.client_id);
    if (own == device.sessions.size()) return;
    device.sessions[own].filters = link.filters;
    keep(device, device.sessions[own]);
}

void Sessions::end(Link& link, std::int64_t now_us) {
    if (link.client.device == nullptr || !link.keep_session) return;
    auto& device = *link.client.device;
    const auto own = index_of(device, link.client_id);
    if (own == device.sessions.size()) return;
    device.sessions[own].connected = false;
    device.sessions[own].last_disconnect_us = now_us;
    keep(device, device.sessions[own]);
}

void Sessions::end_lost(DeviceTable& table) {
    for (const auto& owned : context_.reader.all_sessions(std::numeric_limits<std::uint32_t>::max())) {
        if (!owned.session.connected) continue;
        auto* connector = table.find_connector(owned.connector);
        // In memory, so that who connects before the commit does not read what the store still tells.
        auto* device = connector == nullptr ? nullptr : table.find(*connector, owned.identity);
        if (device == nullptr || has_connection(*device, owned.session)) continue;
        const auto index = index_of(*device, owned.session.client_id);
        if (index == device->sessions.size()) continue;
        auto& session = device->sessions[index];
        session.connected = false;
        session.last_disconnect_us = context_.clock.now(owned.connector).wall_us;
        keep(*device, session);
    }
}

void Sessions::forget_all(Device& device) {
    while (!device.sessions.empty()) erase(device, device.sessions.size() - 1);
    for (auto* link : device.links) link->keep_session = false;
}

}  // namespace device
