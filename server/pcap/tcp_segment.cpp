#include "server/pcap/tcp_segment.h"

#include <algorithm>

#include <arpa/inet.h>

namespace pcap {
namespace {

constexpr std::uint8_t tcp_protocol = 6;
constexpr std::uint8_t hop_limit = 64;
constexpr std::size_t v4_header = 20, v6_header = 40, tcp_header = 20;

// Maximum segment size, window scale 14 and one NOP for the alignment. [RFC 9293, RFC 7323]
constexpr std::string_view syn_options("\x02\x04\xFD\xE8\x03\x03\x0E\x01", 8);
static_assert(most_segment_data == 0xFDE8);

void put(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t left = bytes; left > 0; --left) out += static_cast<char>(value >> (8 * (left - 1)) & 0xFFU);
}

void put_at(std::string& out, std::size_t at, std::uint16_t value) {
    out[at] = static_cast<char>(value >> 8U);
    out[at + 1] = static_cast<char>(value & 0xFFU);
}

// The one's complement sum of 16-bit words, before it is folded. [RFC 1071]
std::uint64_t sum_of(std::string_view bytes) {
    const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(bytes[at])}; };
    std::uint64_t sum = 0;
    std::size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) sum += byte(at) << 8U | byte(at + 1);
    return at < bytes.size() ? sum + (byte(at) << 8U) : sum;
}

std::uint16_t checksum(std::uint64_t sum) {
    while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16U);
    return static_cast<std::uint16_t>(~sum & 0xFFFFU);
}

std::size_t tcp_size(const Segment& segment) {
    return tcp_header + (segment.flags.syn ? syn_options.size() : 0) + segment.data_size;
}

unsigned flag_bits(const TcpFlags& flags) {
    return (flags.fin ? 1U : 0U) | (flags.syn ? 2U : 0U) | (flags.reset ? 4U : 0U) | (flags.push ? 8U : 0U) |
           (flags.ack ? 16U : 0U);
}

std::string tcp_part(const Segment& segment) {
    std::string out;
    out.reserve(tcp_size(segment));
    put(out, segment.from.port, 2);
    put(out, segment.to.port, 2);
    put(out, segment.sequence, 4);
    put(out, segment.flags.ack ? segment.acknowledged : 0, 4);
    const std::size_t header = tcp_header + (segment.flags.syn ? syn_options.size() : 0);
    put(out, header / 4 << 12U | flag_bits(segment.flags), 2);
    put(out, 0xFFFF, 2);  // window
    put(out, 0, 4);       // checksum, urgent pointer
    if (segment.flags.syn) out.append(syn_options);
    out.append(segment.data);
    if (segment.data.size() < segment.data_size) return out;
    const auto pseudo = sum_of(segment.from.address.view()) + sum_of(segment.to.address.view()) + tcp_protocol;
    put_at(out, 16, checksum(pseudo + out.size() + sum_of(out)));
    return out;
}

std::string v4_part(const Segment& segment) {
    std::string out;
    put(out, 0x4500, 2);
    put(out, ip_packet_size(segment), 2);
    put(out, 0x0000'4000, 4);  // no identification, since it must not be fragmented [RFC 6864]
    put(out, hop_limit, 1);
    put(out, tcp_protocol, 1);
    put(out, 0, 2);
    out.append(segment.from.address.view()).append(segment.to.address.view());
    put_at(out, 10, checksum(sum_of(out)));
    return out;
}

std::string v6_part(const Segment& segment) {
    std::string out;
    put(out, 0x6000'0000, 4);
    put(out, tcp_size(segment), 2);
    put(out, tcp_protocol, 1);
    put(out, hop_limit, 1);
    return out.append(segment.from.address.view()).append(segment.to.address.view());
}

}  // namespace

std::string_view Address::view() const {
    // The bytes of integers may be looked at as characters.
    return {reinterpret_cast<const char*>(bytes.data()), v6 ? std::size_t{16} : std::size_t{4}};
}

bool Address::is_loopback() const {
    if (!v6) return bytes[0] == 127;
    return bytes.back() == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](auto byte) { return byte == 0; });
}

Address address_of(std::string_view text) {
    const std::string plain(text.substr(0, text.find('%')));
    Address address;
    if (::inet_pton(AF_INET, plain.c_str(), address.bytes.data()) == 1) return address;
    address.v6 = ::inet_pton(AF_INET6, plain.c_str(), address.bytes.data()) == 1;
    return address.v6 ? address : Address{{192, 0, 2, 2}};
}

std::uint32_t ip_packet_size(const Segment& segment) {
    return static_cast<std::uint32_t>((segment.from.address.v6 ? v6_header : v4_header) + tcp_size(segment));
}

std::string ip_packet(const Segment& segment) {
    return (segment.from.address.v6 ? v6_part(segment) : v4_part(segment)).append(tcp_part(segment));
}

}  // namespace pcap
