#include "server/device/delivery.h"

#include "protocol/encoder.h"
#include "protocol/topic_filter.h"
#include "server/core/connector.h"

#include <algorithm>

namespace device {

bool Delivery::has_room(Link& link, std::size_t size, const runtime::Now& now) {
    // A copy of any size leaves where nothing waits: only a device that does not read loses copies. [R45b]
    const auto waiting = link.peer.waiting_bytes();
    const bool room = waiting == 0 || waiting + size <= context_.options.max_outbox_bytes;
    if (room) {
        link.dropping_copies = false;
        return true;
    }
    context_.metrics.count_dropped_copy();
    if (link.dropping_copies) return false;
    link.dropping_copies = true;
    recorder_.finding(link.client,
                      {"R45b.not_reading", journal::Severity::warning,
                       "The device does not read: messages to it are dropped while more than limits.max_outbox_bytes "
                       "wait for it.",
                       "Read from the socket all the time, also while the firmware is busy."},
                      now);
    return false;
}

void Delivery::send(Link& link, const outgoing::Publish& message, const runtime::Now& now) {
    const auto size = protocol::publish_size(message.topic.size(), message.payload.size());
    if (has_room(link, size, now)) link.peer.send(message, context_.commits.gate());
}

void Delivery::to_link(Link& link, std::string_view topic, std::string_view payload, const runtime::Now& now) {
    send(link, {topic, payload}, now);
}

void Delivery::to_device(Device& device, std::string_view topic, std::string_view payload, const runtime::Now& now) {
    for (auto* link : device.links) send(*link, {topic, payload}, now);
}

void Delivery::to_subscribers(Device& device, std::string_view topic, std::string_view payload,
                              const runtime::Now& now) {
    for (auto* link : device.links) {
        const bool wanted = std::any_of(link->filters.begin(), link->filters.end(),
                                        [&](const auto& filter) { return protocol::matches(filter, topic); });
        if (wanted) send(*link, {topic, payload}, now);  // [MQTT-3.3.5-1] overlapping filters: one copy
    }
}

}  // namespace device
