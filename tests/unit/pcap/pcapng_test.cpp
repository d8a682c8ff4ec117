// pcapng blocks byte by byte, against draft-ietf-opsawg-pcapng.
#include "server/pcap/pcapng.h"

#include <string>

#include <doctest/doctest.h>

using namespace std::string_literals;

TEST_CASE("A file begins with a section and one interface of raw IP in microseconds") {
    const auto expected =
        // section: type, length, byte order, version 1.0, length not known
        "\x0A\x0D\x0D\x0A\x30\0\0\0\x4D\x3C\x2B\x1A\x01\0\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s
        "\x01\0\x03\0why\0"s       // its comment, padded
        "\x04\0\x04\0test"s        // the program
        "\0\0\0\0\x30\0\0\0"s      // end of options, length again
        "\x01\0\0\0\x28\0\0\0"s    // interface: type, length
        "\x65\0\0\0\0\0\0\0"s      // LINKTYPE_RAW, no limit
        "\x02\0\x02\0if\0\0"s      // name
        "\x09\0\x01\0\x06\0\0\0"s  // microseconds
        "\0\0\0\0\x28\0\0\0"s;
    CHECK(pcap::file_head("test", "if", "why") == expected);
}

TEST_CASE("A frame has its time, both lengths, its direction and its comment") {
    std::string out;
    pcap::append_frame(out, {.time_us = 0x0000'0001'0203'0405,
                             .direction = pcap::Direction::outbound,
                             .bytes = "abcde",
                             .whole_bytes = 9,
                             .comment = "cut"});
    const auto expected =
        "\x06\0\0\0\x3C\0\0\0\0\0\0\0"s
        "\x01\0\0\0\x05\x04\x03\x02"s  // upper and lower half of the time
        "\x05\0\0\0\x09\0\0\0"s        // here, and on the wire
        "abcde\0\0\0"s
        "\x02\0\x04\0\x02\0\0\0"s  // outbound
        "\x01\0\x03\0cut\0"s
        "\0\0\0\0\x3C\0\0\0"s;
    CHECK(out == expected);
}

TEST_CASE("A frame without a comment, of a time before 1970, is appended to what stands there") {
    std::string out = "before";
    pcap::append_frame(out, {.time_us = -1, .bytes = "abcd", .whole_bytes = 4});
    CHECK(out ==
          "before\x06\0\0\0\x30\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x04\0\0\0\x04\0\0\0"s
          "abcd\x02\0\x04\0\x01\0\0\0\0\0\0\0\x30\0\0\0"s);
}

TEST_CASE("A comment longer than an option is cut off, and the block stays whole") {
    std::string out;
    pcap::append_frame(out, {.bytes = "abcd", .whole_bytes = 4, .comment = std::string(70'000, 'x')});
    CHECK(out.size() == 48 + 4 + 65'532);
    CHECK(out.substr(4, 4) == out.substr(out.size() - 4));
}
