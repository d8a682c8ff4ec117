#pragma once
// Builds TCP segments in IPv4 or IPv6 packets, with checksums. Pure.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pcap {

// 4 or 16 bytes in network order.
struct Address {
    std::array<std::uint8_t, 16> bytes{};
    bool v6 = false;

    std::string_view view() const;
    bool is_loopback() const;  // 127.0.0.0/8 or ::1
    bool operator==(const Address&) const = default;
};

// The address in `text`, without zone; if it is not an address, one of the documentation range (192.0.2.2).
Address address_of(std::string_view text);

struct Endpoint {
    Address address = {};
    std::uint16_t port = 0;
};

struct TcpFlags {
    bool syn = false, ack = false, push = false, fin = false, reset = false;
};

struct Segment {
    Endpoint from = {}, to = {};  // of the same family
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    TcpFlags flags = {};
    std::string_view data = {};  // the part that was kept
    std::size_t data_size = 0;   // on the wire: data.size(), or more if its end was not kept
};

// Bytes that fit into one IP packet.
inline constexpr std::size_t most_segment_data = 65'000;

// The IP packet with the data that was kept. A SYN offers the largest window, so that no segment exceeds it. The TCP
// checksum of a segment without its end is 0, because it cannot be computed.
std::string ip_packet(const Segment& segment);
// Its length on the wire, in bytes.
std::uint32_t ip_packet_size(const Segment& segment);

}  // namespace pcap
