#include "server/device/delivery.h"

#include "protocol/encoder.h"
#include "protocol/topic_filter.h"
#include "server/device/connector.h"

#include <algorithm>

namespace device {

bool Delivery::has_room(Link& link, std::size_t size, const runtime::Now& now) {
    const bool room = link.peer.waiting_bytes() + size <= context_.options.max_outbox_bytes;
    if (room) {
        link.dropping_copies = false;
        return true;
    }
    context_.metrics.count_dropped_copy();
    if (link.dropping_copies) return false;
    link.dropping_copies = true;
    recorder_.finding(link,
                      {"R45b", journal::Severity::warning,
                       "The device does not read: messages to it are dropped while more than limits.max_outbox_bytes "
                       "wait for it.",
                       "Read from the socket all the time, also while the firmware is busy."},
                      now);
    return false;
}

void Delivery::send_encoded(Link& link, const runtime::Now& now) {
    if (has_room(link, packet_.size(), now)) link.peer.send(packet_);
}

void Delivery::to_link(Link& link, std::string_view topic, std::string_view payload, const runtime::Now& now) {
    packet_.clear();
    protocol::encode_publish(packet_, topic, payload);
    send_encoded(link, now);
}

void Delivery::to_device(Device& device, std::string_view topic, std::string_view payload, const runtime::Now& now) {
    if (device.links.empty()) return;
    packet_.clear();
    protocol::encode_publish(packet_, topic, payload);
    for (auto* link : device.links) send_encoded(*link, now);
}

void Delivery::to_subscribers(Device& device, std::string_view topic, std::string_view payload,
                              const runtime::Now& now) {
    packet_.clear();
    for (auto* link : device.links) {
        const bool wanted = std::any_of(link->filters.begin(), link->filters.end(),
                                        [&](const auto& filter) { return protocol::matches(filter, topic); });
        if (!wanted) continue;
        if (packet_.empty()) protocol::encode_publish(packet_, topic, payload);
        send_encoded(*link, now);  // [MQTT-3.3.5-1] overlapping filters: one copy
    }
}

}  // namespace device
