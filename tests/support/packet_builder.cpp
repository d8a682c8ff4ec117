#include "tests/support/packet_builder.h"

#include <stdexcept>

namespace test {

std::string from_hex(std::string_view hex) {
    std::string digits;
    for (const char c : hex) {
        if (c != ' ' && c != '\n') digits += c;
    }
    if (digits.size() % 2 != 0) throw std::invalid_argument("odd number of hex digits");
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        bytes += static_cast<char>(std::stoul(digits.substr(i, 2), nullptr, 16));
    }
    return bytes;
}

std::string to_hex(std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        const auto value = static_cast<unsigned char>(c);
        hex += digits[value / 16U];
        hex += digits[value % 16U];
    }
    return hex;
}

std::string u8(unsigned value) {
    return std::string(1, static_cast<char>(value));
}

std::string u16(unsigned value) {
    return u8(value / 256) + u8(value % 256);
}

std::string str(std::string_view text) {
    return u16(static_cast<unsigned>(text.size())).append(text);
}

std::string length_field(std::size_t value) {
    std::string field;
    do {
        const auto digit = static_cast<unsigned>(value % 128);
        value /= 128;
        field += u8(value > 0 ? digit + 128 : digit);
    } while (value > 0);
    return field;
}

std::string packet(unsigned first_byte, std::string_view body) {
    return (u8(first_byte) + length_field(body.size())).append(body);
}

std::string connect_packet(const ConnectParts& parts) {
    return packet(0x10, str(parts.name) + u8(parts.level) + u8(parts.flags) + u16(parts.keep_alive) +
                            str(parts.client_id) + parts.rest);
}

std::string publish_packet(std::string_view topic, std::string_view payload, unsigned flags, unsigned packet_id) {
    const bool has_id = (flags & 0x06) != 0;
    return packet(0x30 + flags, (str(topic) + (has_id ? u16(packet_id) : "")).append(payload));
}

std::string subscribe_packet(unsigned packet_id, const std::vector<std::pair<std::string, unsigned>>& filters) {
    std::string body = u16(packet_id);
    for (const auto& [filter, qos] : filters) body += str(filter) + u8(qos);
    return packet(0x82, body);
}

std::string unsubscribe_packet(unsigned packet_id, const std::vector<std::string>& filters) {
    std::string body = u16(packet_id);
    for (const auto& filter : filters) body += str(filter);
    return packet(0xA2, body);
}

}  // namespace test
