#pragma once
// The tests' own encoder: shares no code with the tested one, so that the same mistake cannot be in both.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// "10 0c 00" -> bytes; white space is skipped.
std::string from_hex(std::string_view hex);
std::string to_hex(std::string_view bytes);

std::string u8(unsigned value);
std::string u16(unsigned value);
std::string str(std::string_view text);  // preceded by its length
std::string length_field(std::size_t value);
std::string packet(unsigned first_byte, std::string_view body);

// CONNECT field by field; `flags` is not checked against the fields, so that wrong packets can be built.
struct ConnectParts {
    std::string name = "MQTT";
    unsigned level = 4;
    unsigned flags = 0x02;
    unsigned keep_alive = 60;
    std::string client_id = "c";
    std::string rest = {};  // Will, User Name, Password
};
std::string connect_packet(const ConnectParts& parts = {});
std::string publish_packet(std::string_view topic, std::string_view payload, unsigned flags = 0,
                           unsigned packet_id = 7);
std::string subscribe_packet(unsigned packet_id, const std::vector<std::pair<std::string, unsigned>>& filters);
std::string unsubscribe_packet(unsigned packet_id, const std::vector<std::string>& filters);

inline const std::string pingreq("\xC0\x00", 2);
inline const std::string disconnect("\xE0\x00", 2);

}  // namespace test
