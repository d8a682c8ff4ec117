#include "server/pcap/pcapng.h"

#include <algorithm>

namespace pcap {
namespace {

constexpr std::uint32_t section_block = 0x0A0D0D0A;
constexpr std::uint32_t interface_block = 1;
constexpr std::uint32_t packet_block = 6;
constexpr std::uint32_t byte_order = 0x1A2B3C4D;
constexpr std::uint16_t raw_ip = 101;  // LINKTYPE_RAW

constexpr std::uint16_t end_of_options = 0;
constexpr std::uint16_t comment_option = 1;
constexpr std::uint16_t interface_name = 2;
constexpr std::uint16_t packet_flags = 2;
constexpr std::uint16_t section_program = 4;
constexpr std::uint16_t time_resolution = 9;

constexpr std::size_t longest_option = 65'532;  // its length, padded, has 16 bits

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

void put_padded(std::string& out, std::string_view bytes) {
    out.append(bytes);
    out.append((4 - bytes.size() % 4) % 4, '\0');
}

void put_option(std::string& out, std::uint16_t code, std::string_view value) {
    const auto kept = value.substr(0, longest_option);
    put(out, code, 2);
    put(out, kept.size(), 2);
    put_padded(out, kept);
}

// Type and length before the body, the length again behind it.
void put_block(std::string& out, std::uint32_t type, std::string_view body) {
    const auto length = body.size() + 12;
    put(out, type, 4);
    put(out, length, 4);
    out.append(body);
    put(out, length, 4);
}

}  // namespace

std::string file_head(std::string_view program, std::string_view interface, std::string_view comment) {
    std::string section;
    put(section, byte_order, 4);
    put(section, 1, 2);  // version 1.0
    put(section, 0, 2);
    put(section, UINT64_MAX, 8);  // the section's length is not known
    put_option(section, comment_option, comment);
    put_option(section, section_program, program);
    put_option(section, end_of_options, {});
    std::string description;
    put(description, raw_ip, 2);
    put(description, 0, 2);
    put(description, 0, 4);  // no limit to a packet's bytes
    put_option(description, interface_name, interface);
    put_option(description, time_resolution, std::string_view("\x06", 1));  // microseconds
    put_option(description, end_of_options, {});
    std::string out;
    put_block(out, section_block, section);
    put_block(out, interface_block, description);
    return out;
}

void append_frame(std::string& out, const Frame& frame) {
    const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(frame.time_us, 0));
    std::string body;
    put(body, 0, 4);  // the one interface
    put(body, time >> 32U, 4);
    put(body, time & 0xFFFF'FFFFU, 4);
    put(body, frame.bytes.size(), 4);
    put(body, frame.whole_bytes, 4);
    put_padded(body, frame.bytes);
    std::string flags;
    put(flags, static_cast<std::uint64_t>(frame.direction), 4);
    put_option(body, packet_flags, flags);
    if (!frame.comment.empty()) put_option(body, comment_option, frame.comment);
    put_option(body, end_of_options, {});
    put_block(out, packet_block, body);
}

}  // namespace pcap
