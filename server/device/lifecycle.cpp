#include "server/device/lifecycle.h"

#include <algorithm>
#include <utility>

namespace device {

// DISCONNECT removes the Will [MQTT-3.1.2-10]; delete, reset and the load of a snapshot drop it [R9]; a refused CONNECT
// never stored one.
bool Lifecycle::will_survives(CloseReason reason) {
    return reason != CloseReason::device_disconnect && reason != CloseReason::deleted && reason != CloseReason::reset &&
           reason != CloseReason::snapshot && reason != CloseReason::commit_failed;
}

void Lifecycle::end(Link& link, CloseReason reason, const runtime::Now& now) {
    if (link.state != Link::State::connected) {
        link.state = Link::State::ended;
        return;
    }
    link.state = Link::State::ended;
    link.client.connector->links.erase(&link);
    if (link.client.device != nullptr)
        std::erase(link.client.device->links, &link);  // its own Will does not come back to it
    const auto will = std::exchange(link.will, std::nullopt);
    if (will && will_survives(reason)) publish_will_(link, *will, now);
    // After a failed commit memory tells of what was wanted: nothing of it may be kept.
    if (reason != CloseReason::commit_failed) leave(link, now);
    const auto text = describe(reason);
    recorder_.event(link.client, journal::EventType::disconnect, now,
                    journal::DisconnectPayload{text.closed_by, text.reason});
    recorder_.left(link.client);
    context_.log.info("device disconnected", {{"connection", link.facts.connection_id},
                                              {"connector", link.client.connector->id},
                                              {"identity", Recorder::subject_of(link.client).identity},
                                              {"closed_by", text.closed_by},
                                              {"reason", text.reason}});
}

void Lifecycle::leave(Link& link, const runtime::Now& now) {
    sessions_.end(link, now.wall_us);
    if (link.client.device == nullptr) return;
    auto& device = *link.client.device;
    if (!link.packet_ids.empty()) device.earlier_packet_ids = link.packet_ids;
    device.row.last_seen_us = now.wall_us;
    if (device.exists) table_.keep_identity(device);
    table_.look_at(device);
}

void Lifecycle::close(Link& link, CloseReason reason, const runtime::Now& now) {
    end(link, reason, now);
    link.peer.close(reason);
}

void Lifecycle::close_all(Device& device, CloseReason reason, const runtime::Now& now) {
    while (!device.links.empty()) close(*device.links.back(), reason, now);
}

void Lifecycle::set_locked(Device& device, bool locked, const runtime::Now& now) {
    if (device.row.locked == locked) return;
    if (locked) close_all(device, CloseReason::locked, now);  // the Will fires before the lock takes effect [R9]
    device.row.locked = locked;
    table_.keep_identity(device);
}

void Lifecycle::revoke(Device& device, const runtime::Now& now) {
    close_all(device, CloseReason::revoked, now);
    sessions_.forget_all(device);
    table_.revoked_tokens().add(device.connector->id, device.row.identity, device.row.key);
    device.row.key.clear();
    device.row.auth_type.clear();
    device.row.reprovision = true;
    device.row.expired = false;
    device.row.expire_us.reset();
    table_.keep_identity(device);
}

void Lifecycle::remove(Device& device, const runtime::Now& now) {
    close_all(device, CloseReason::deleted, now);
    recorder_.event(Subject{.connector = device.connector->id, .identity = device.row.identity},
                    journal::EventType::deleted, now);
    table_.revoked_tokens().add(device.connector->id, device.row.identity, device.row.key);
    table_.remove_device(device);
}

void Lifecycle::expire(Device& device, const runtime::Now& now) {
    if (device.row.expired) return;
    device.row.expired = true;
    table_.keep_identity(device);
    recorder_.event(Subject{.connector = device.connector->id, .identity = device.row.identity},
                    journal::EventType::expired, now);
}

}  // namespace device
