#pragma once
// The blocks of a pcapng file (draft-ietf-opsawg-pcapng): one section, one interface of raw IP packets, times in µs
// since 1970. Always little-endian. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace pcap {

// As seen by the interface: to the server, or from it.
enum class Direction : std::uint8_t { inbound = 1, outbound = 2 };

struct Frame {
    std::int64_t time_us = 0;  // earlier than 1970 is written as 1970
    Direction direction = Direction::inbound;
    std::string_view bytes = {};    // an IP packet, or its beginning
    std::uint32_t whole_bytes = 0;  // length on the wire; at least bytes.size()
    std::string_view comment = {};  // empty: none
};

// The beginning of a file: the section and its one interface. A text too long for an option is cut off.
std::string file_head(std::string_view program, std::string_view interface, std::string_view comment);

void append_frame(std::string& out, const Frame& frame);

}  // namespace pcap
