// What a run that judges devices sees of an MQTT session's packets. [verdict.md 2]

#include "server/core/device.h"
#include "server/mqtt/session.h"

#include <algorithm>
#include <optional>

namespace mqtt {
namespace {

using protocol::PacketType;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}
std::uint16_t two_bytes_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(byte_at(bytes, at) << 8U | byte_at(bytes, at + 1));
}

// Behind the fixed header: at most four bytes of Remaining Length. [MQTT-2.2.3]
std::size_t variable_header(std::string_view packet) {
    std::size_t at = 1;
    while (at < 5 && (byte_at(packet, at) & 0x80U) != 0) ++at;
    return at + 1;
}

// A packet that breaks the protocol has no decoded form; its first byte says what a check wants to know of it.
std::optional<verdict::Seen> seen_of_violation(std::string_view packet) {
    const auto flags = byte_at(packet, 0);
    const auto type = static_cast<PacketType>(flags >> 4U);
    if (type == PacketType::pubrec || type == PacketType::pubrel || type == PacketType::pubcomp)
        return verdict::PacketCame{type};
    if (type != PacketType::publish) return std::nullopt;
    const auto at = variable_header(packet);
    protocol::Publish publish;
    publish.dup = (flags & 8U) != 0;
    publish.qos = static_cast<std::uint8_t>(flags >> 1U & 3U);
    publish.retain = (flags & 1U) != 0;
    publish.topic = packet.substr(std::min(packet.size(), at + 2)).substr(0, two_bytes_at(packet, at));
    return verdict::PublishCame{publish};
}

// Its own credential, or another secret that this connection showed. [D20]
bool holds(std::string_view text, const device::Client& client) {
    constexpr std::size_t shortest_credential = 20;  // a shorter password may be any word
    const std::string_view key = client.device == nullptr || client.device->row.auth_type == "certificate"
                                     ? std::string_view{}
                                     : std::string_view(client.device->row.key);
    if (key.size() >= shortest_credential && text.find(key) != std::string_view::npos) return true;
    return std::ranges::any_of(client.hidden, [&](const std::string& secret) {
        return !secret.empty() && text.find(secret) != std::string_view::npos;
    });
}

}  // namespace

verdict::Sighting Session::sighting() const {
    return {.connection = link_.facts.connection_id,
            .connector = link_.facts.connector,
            .identity = link_.client.device != nullptr ? std::string_view(link_.client.device->row.identity)
                                                       : std::string_view(link_.provision_id),
            .ip = link_.facts.ip,
            .sent_bytes = wire_.traffic().bytes_out};
}

void Session::observe_came(const protocol::Action& action) const {
    auto seen = sighting();
    const auto tell = [&](verdict::Seen what) {
        seen.seen = std::move(what);
        services_.observer->saw(seen);
    };
    if (const auto* connect = std::get_if<protocol::ConnectRequest>(&action)) {
        const auto claimed = services_.devices.claimed_identity(link_, connect->connect);
        seen.identity = claimed;
        return tell(verdict::ConnectCame{connect->connect, connect->connect.password.has_value()});
    }
    if (const auto* publish = std::get_if<protocol::PublishRequest>(&action)) {
        const auto& packet = publish->publish;
        return tell(
            verdict::PublishCame{packet, holds(packet.topic, link_.client) || holds(packet.payload, link_.client)});
    }
    if (const auto* subscribe = std::get_if<protocol::SubscribeRequest>(&action))
        return tell(verdict::SubscribeCame{subscribe->subscribe});
    if (const auto* unsubscribe = std::get_if<protocol::UnsubscribeRequest>(&action))
        return tell(verdict::UnsubscribeCame{unsubscribe->unsubscribe});
    if (std::holds_alternative<protocol::PingRequest>(action)) return tell(verdict::PacketCame{PacketType::pingreq});
    if (const auto* puback = std::get_if<protocol::IgnoredPuback>(&action))
        return tell(verdict::PacketCame{PacketType::puback, puback->packet_id});
    if (!std::holds_alternative<protocol::Violation>(action)) return tell(verdict::PacketCame{PacketType::disconnect});
    if (const auto broken = seen_of_violation(machine_.last_packet())) tell(*broken);
}

// As it really leaves, whatever a fault made of it.
void Session::observe_left(std::string_view head, std::string_view body) const {
    auto seen = sighting();
    seen.sent_bytes = wire_.promised_bytes() + head.size() + body.size();
    const auto type = static_cast<PacketType>(byte_at(head, 0) >> 4U);
    const auto at = variable_header(head);
    if (type == PacketType::connack) {
        const bool anonymous = link_.state == device::Link::State::connected && link_.client.device == nullptr;
        seen.seen = verdict::ConnackLeft{static_cast<std::uint8_t>(byte_at(head, at + 1)),
                                         (byte_at(head, at) & 1U) != 0, anonymous};
    } else if (type == PacketType::publish) {
        const std::size_t length = two_bytes_at(head, at);
        const auto rest = head.substr(std::min(head.size(), at + 2));
        const auto payload = body.empty() ? rest.substr(std::min(rest.size(), length)) : body;
        seen.seen = verdict::PublishLeft{rest.substr(0, length), payload};
    } else {
        seen.seen = verdict::PacketLeft{type, type == PacketType::pingresp ? std::uint16_t{0} : two_bytes_at(head, at)};
    }
    services_.observer->saw(seen);
}

}  // namespace mqtt
