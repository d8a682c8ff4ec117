#include "server/fault_tap/about_packet.h"

#include "protocol/topic_filter.h"

#include <algorithm>

namespace fault_tap {
namespace {

namespace outgoing = device::outgoing;

template <typename Filters>
std::vector<std::string_view> topics_of(const Filters& filters) {
    std::vector<std::string_view> topics;
    topics.reserve(filters.size());
    for (const auto& subscription : filters) topics.push_back(subscription.filter);
    return topics;
}

}  // namespace

std::string AboutPacket::name() const {
    return std::string(type) + (id ? " " + std::to_string(*id) : "");
}

AboutPacket about(const protocol::Action& packet) {
    if (std::holds_alternative<protocol::ConnectRequest>(packet)) return {"CONNECT", {}, {}, {}};
    if (const auto* publish = std::get_if<protocol::PublishRequest>(&packet)) {
        const auto& it = publish->publish;
        return {"PUBLISH", {it.topic}, it.payload, it.qos == 0 ? std::nullopt : std::optional(it.packet_id)};
    }
    if (const auto* subscribe = std::get_if<protocol::SubscribeRequest>(&packet)) {
        return {"SUBSCRIBE", topics_of(subscribe->subscribe.filters), {}, subscribe->subscribe.packet_id};
    }
    if (const auto* unsubscribe = std::get_if<protocol::UnsubscribeRequest>(&packet)) {
        return {"UNSUBSCRIBE", unsubscribe->unsubscribe.filters, {}, unsubscribe->unsubscribe.packet_id};
    }
    if (std::holds_alternative<protocol::PingRequest>(packet)) return {"PINGREQ", {}, {}, {}};
    if (std::holds_alternative<protocol::DisconnectRequest>(packet)) return {"DISCONNECT", {}, {}, {}};
    if (const auto* puback = std::get_if<protocol::IgnoredPuback>(&packet))
        return {"PUBACK", {}, {}, puback->packet_id};
    return {};
}

AboutPacket about(const device::Outgoing& packet) {
    if (const auto* puback = std::get_if<outgoing::Puback>(&packet))
        return {"PUBACK", {puback->topic}, {}, puback->packet_id};
    if (const auto* publish = std::get_if<outgoing::Publish>(&packet))
        return {"PUBLISH", {publish->topic}, publish->payload, {}};
    if (const auto* suback = std::get_if<outgoing::Suback>(&packet)) {
        return {"SUBACK", topics_of(suback->filters), {}, suback->packet_id};
    }
    if (const auto* unsuback = std::get_if<outgoing::Unsuback>(&packet)) {
        return {"UNSUBACK", {unsuback->filters.begin(), unsuback->filters.end()}, {}, unsuback->packet_id};
    }
    return {std::holds_alternative<outgoing::Pingresp>(packet) ? "PINGRESP" : "CONNACK", {}, {}, {}};
}

bool fits(const faults::Fault& fault, const AboutPacket& packet, std::string_view otherwise) {
    const auto wanted = fault.values.has(faults::Key::packet) ? fault.values.text(faults::Key::packet) : otherwise;
    if (wanted.empty() || wanted != packet.type) return false;
    const auto& narrowing = fault.narrowing;
    const bool topic_fits =
        narrowing.topic.empty() || std::any_of(packet.topics.begin(), packet.topics.end(), [&](std::string_view topic) {
            return protocol::matches(narrowing.topic, topic);
        });
    return topic_fits &&
           (narrowing.payload.empty() || journal::holds(narrowing.payload, {{}, packet.payload, packet.payload}));
}

}  // namespace fault_tap
