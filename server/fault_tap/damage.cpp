#include "server/fault_tap/damage.h"

#include "protocol/fixed_header.h"
#include "server/faults/text_bytes.h"
#include "server/mqtt/encode.h"

namespace fault_tap {
namespace {

namespace outgoing = device::outgoing;

constexpr std::uint8_t puback_byte = 0x40, suback_byte = 0x90, unsuback_byte = 0xB0, publish_byte = 0x30;

std::string length_bytes(std::size_t length) {
    std::string bytes;
    do {
        const auto low = static_cast<unsigned>(length & 0x7FU);
        length >>= 7U;
        bytes += static_cast<char>(length > 0 ? low | 0x80U : low);
    } while (length > 0);
    return bytes;
}

std::string number_bytes(std::size_t number) {
    return {static_cast<char>(number >> 8U & 0xFFU), static_cast<char>(number & 0xFFU)};
}

std::size_t number_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at]) << 8U |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

struct Parts {
    std::uint8_t first;
    std::string rest;  // behind the fixed header
};

Parts parts_of(const std::string& packet) {
    return {static_cast<std::uint8_t>(packet.front()), packet.substr(protocol::read_fixed_header(packet).size)};
}

std::string with_flags(const Parts& parts, unsigned flags) {
    return framed(static_cast<std::uint8_t>((parts.first & 0xF0U) | flags), parts.rest);
}

// 0010 where the flags are fixed to it, else 0: the bits are inverted, or all set.
std::string with_reserved_flags(const Parts& parts) {
    return with_flags(parts, (parts.first & 0x0FU) == 0x02U ? 0x0DU : 0x0FU);
}

std::string with_unknown_id(Parts parts) {
    auto id = number_at(parts.rest, 0) ^ 0x8000U;
    if (id == 0) id = 1;
    parts.rest.replace(0, 2, number_bytes(id));
    return framed(parts.first, parts.rest);
}

std::string with_topic(const Parts& parts, const std::string& topic) {
    const auto behind = 2 + number_at(parts.rest, 0);
    return framed(parts.first, number_bytes(topic.size()) + topic + parts.rest.substr(behind));
}

std::string topic_of(const Parts& parts) {
    return parts.rest.substr(2, number_at(parts.rest, 0));
}

// QoS 3 wants a packet id, which the packet of QoS 0 has not.
std::string with_qos3(const Parts& parts) {
    const auto behind = 2 + number_at(parts.rest, 0);
    return framed(static_cast<std::uint8_t>(parts.first | 0x06U),
                  parts.rest.substr(0, behind) + number_bytes(1) + parts.rest.substr(behind));
}

std::string with_flipped_bits(std::string packet, std::uint64_t random) {
    const auto count = 1 + random % 8;
    for (std::uint64_t i = 0; i < count; ++i) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        const auto bit = (random >> 16U) % (packet.size() * 8);
        auto& byte = packet[static_cast<std::size_t>(bit / 8)];
        byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
    }
    return packet;
}

}  // namespace

std::string framed(std::uint8_t first, std::string_view rest) {
    std::string packet(1, static_cast<char>(first));
    packet += length_bytes(rest.size());
    packet += rest;
    return packet;
}

std::string damaged(std::string packet, std::string_view how, std::uint64_t random) {
    const auto parts = parts_of(packet);
    if (how == "remaining_length") return packet.substr(0, 1) + "\xFF\xFF\xFF\xFF\x7F" + parts.rest;
    if (how == "reserved_flags") return with_reserved_flags(parts);
    if (how == "packet_type") return framed(static_cast<std::uint8_t>(parts.first | 0xF0U), parts.rest);
    if (how == "unknown_packet_id") return with_unknown_id(parts);
    if (how == "qos3") return with_qos3(parts);
    if (how == "wildcard_topic") return with_topic(parts, topic_of(parts) + "/#");
    if (how == "oversize") return packet.substr(0, 1) + "\xFF\xFF\xFF\x7F" + parts.rest;
    if (how == "truncated") return packet.substr(0, packet.size() - 1);
    if (how == "truncated_utf8") {
        auto topic = topic_of(parts);
        if (!topic.empty()) topic.back() = '\xC3';  // of a character that needs another byte
        return with_topic(parts, topic);
    }
    return with_flipped_bits(std::move(packet), random);
}

std::string replaced(const device::Outgoing& packet, const faults::Values& values) {
    using faults::Key;
    const auto id = [&values](std::uint16_t own) {
        return number_bytes(static_cast<std::size_t>(values.number(Key::packet_id, own)));
    };
    if (const auto* puback = std::get_if<outgoing::Puback>(&packet)) return framed(puback_byte, id(puback->packet_id));
    if (const auto* unsuback = std::get_if<outgoing::Unsuback>(&packet)) {
        return framed(unsuback_byte, id(unsuback->packet_id));
    }
    if (const auto* suback = std::get_if<outgoing::Suback>(&packet)) {
        auto rest = id(suback->packet_id);
        for (const auto code : suback->codes) rest += static_cast<char>(values.number(Key::code, code));
        return framed(suback_byte, rest);
    }
    if (const auto* publish = std::get_if<outgoing::Publish>(&packet)) {
        const std::string topic(values.has(Key::topic) ? values.text(Key::topic) : publish->topic);
        auto rest = number_bytes(topic.size()) + topic;
        // A packet id makes it QoS 1, which Murano never sends.
        if (values.has(Key::packet_id)) rest += id(0);
        rest += values.has(Key::payload)
                    ? faults::decoded(values.text(Key::payload), values.text(Key::encoding)).value_or("")
                    : std::string(publish->payload);
        return framed(values.has(Key::packet_id) ? publish_byte | 0x02U : publish_byte, rest);
    }
    std::string bytes;
    mqtt::encode(bytes, packet);
    return bytes;
}

}  // namespace fault_tap
