// IP and TCP byte by byte. The checksums were computed by another program (Python's struct, RFC 1071).
#include "server/pcap/tcp_segment.h"

#include <string>

#include <doctest/doctest.h>

using namespace std::string_literals;

namespace {

pcap::Segment segment(std::string_view from, std::string_view to) {
    pcap::Segment made;
    made.from = {pcap::address_of(from), 0x3039};
    made.to = {pcap::address_of(to), 1883};
    made.sequence = 0x01020304;
    made.acknowledged = 0x0A0B0C0D;
    return made;
}

}  // namespace

TEST_CASE("A data segment over IPv4 has both headers and their checksums") {
    auto data = segment("10.0.0.7", "192.0.2.1");
    data.flags = {.ack = true, .push = true};
    const auto bytes = "\xC0\x00\x01"s;
    data.data = bytes;
    data.data_size = bytes.size();
    const auto ip =
        "\x45\0\0\x2B\0\0\x40\0\x40\x06\x6E\xC5"
        "\x0A\0\0\x07\xC0\0\x02\x01"s;
    const auto tcp =
        "\x30\x39\x07\x5B\x01\x02\x03\x04\x0A\x0B\x0C\x0D\x50\x18\xFF\xFF\xD1\x0E"
        "\0\0"s;
    CHECK(pcap::ip_packet(data) == ip + tcp + bytes);
    CHECK(pcap::ip_packet_size(data) == 43);
}

TEST_CASE("A data segment over IPv6 counts the addresses in its checksum") {
    auto data = segment("fe80::1%eth0", "2001:db8::1");
    data.flags = {.ack = true};
    data.data = "ab";
    data.data_size = 2;
    const auto ip =
        "\x60\0\0\0\0\x16\x06\x40"s
        "\xFE\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"s
        "\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x01"s;
    const auto tcp =
        "\x30\x39\x07\x5B\x01\x02\x03\x04\x0A\x0B\x0C\x0D\x50\x10\xFF\xFF\xD0\x82"
        "\0\0"s;
    CHECK(pcap::ip_packet(data) == ip + tcp + "ab");
}

TEST_CASE("A SYN offers the largest window and acknowledges nothing") {
    auto syn = segment("127.0.0.1", "127.0.0.1");
    syn.flags = {.syn = true};
    const auto packet = pcap::ip_packet(syn);
    CHECK(packet.substr(20 + 4, 10) == "\x01\x02\x03\x04\0\0\0\0\x70\x02"s);
    CHECK(packet.substr(40) == "\x02\x04\xFD\xE8\x03\x03\x0E\x01"s);
}

TEST_CASE("A segment whose end was not kept has its length on the wire and no checksum") {
    auto data = segment("127.0.0.1", "127.0.0.1");
    data.data = "abc";
    data.data_size = 1000;
    const auto packet = pcap::ip_packet(data);
    CHECK(packet.size() == 43);
    CHECK(pcap::ip_packet_size(data) == 1040);
    CHECK(packet.substr(2, 2) == "\x04\x10"s);
    CHECK(packet.substr(36, 2) == "\0\0"s);
}

TEST_CASE("An address that is none becomes one of the range for documentation") {
    CHECK(pcap::address_of("") == pcap::address_of("192.0.2.2"));
    CHECK(pcap::address_of("nowhere") == pcap::address_of("192.0.2.2"));
    CHECK(pcap::address_of("::1").is_loopback());
    CHECK(pcap::address_of("127.9.9.9").is_loopback());
    CHECK_FALSE(pcap::address_of("::2").is_loopback());
    CHECK_FALSE(pcap::address_of("128.0.0.1").is_loopback());
}
