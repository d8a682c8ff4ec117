#include "server/fault_tap/damage.h"

#include "server/faults/fault_json.h"
#include "server/mqtt/encode.h"

#include <array>
#include <string>

#include <doctest/doctest.h>

namespace {

namespace outgoing = device::outgoing;

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char letter : bytes) {
        const auto byte = static_cast<unsigned char>(letter);
        text += "0123456789abcdef"[byte >> 4U];
        text += "0123456789abcdef"[byte & 15U];
    }
    return text;
}

std::string encoded(const device::Outgoing& packet) {
    std::string bytes;
    mqtt::encode(bytes, packet);
    return bytes;
}

faults::Values values_of(const std::string& text) {
    config::Problems problems;
    const config::ReadContext context{"", text, config::KeyMode::strict, problems};
    const auto fault = faults::read_fault(*config::parse_json(text, config::JsonDialect::strict).root, "$", context);
    REQUIRE_MESSAGE(fault, problems.error_text());
    return fault->values;
}

const outgoing::Publish publish{"a/b", "x"};

}  // namespace

TEST_CASE("each way of being malformed, byte by byte") {
    const auto puback = encoded(outgoing::Puback{1, {}});
    const auto pingresp = encoded(outgoing::Pingresp{});
    struct Row {
        std::string packet;
        const char* how;
        const char* expected;
    };
    const Row rows[] = {{pingresp, "remaining_length", "d0ffffffff7f"},
                        {pingresp, "reserved_flags", "df00"},
                        {puback, "reserved_flags", "4f020001"},
                        {pingresp, "packet_type", "f000"},
                        {puback, "unknown_packet_id", "40028001"},
                        {encoded(outgoing::Puback{0x8000, {}}), "unknown_packet_id", "40020001"},
                        {encoded(publish), "qos3", "36080003612f62000178"},
                        {encoded(publish), "truncated_utf8", "30060003612fc378"},
                        {encoded(publish), "wildcard_topic", "30080005612f622f2378"},
                        {puback, "truncated", "400200"},
                        {puback, "oversize", "40ffffff7f0001"}};
    for (const auto& row : rows)
        CHECK_MESSAGE(hex(fault_tap::damaged(row.packet, row.how, 0)) == row.expected, row.how);
}

TEST_CASE("random flips 1 to 8 bits, the same for the same number") {
    const auto packet = encoded(publish);
    for (std::uint64_t random = 1; random < 100; ++random) {
        const auto wrong = fault_tap::damaged(packet, "random", random);
        CHECK(wrong.size() == packet.size());
        CHECK(wrong == fault_tap::damaged(packet, "random", random));
    }
    CHECK(fault_tap::damaged(packet, "random", 1) != packet);
}

TEST_CASE("a packet with other contents") {
    const std::array<std::uint8_t, 2> codes{0, 0};
    CHECK(hex(fault_tap::replaced(outgoing::Suback{7, codes, {}},
                                  values_of(R"({"kind":"replace","packet":"SUBACK","code":128})"))) == "900400078080");
    CHECK(hex(fault_tap::replaced(outgoing::Puback{7, {}},
                                  values_of(R"({"kind":"replace","packet":"PUBACK","packet_id":9})"))) == "40020009");
    CHECK(hex(fault_tap::replaced(publish, values_of(R"({"kind":"replace","packet":"PUBLISH","payload":""})"))) ==
          "30050003612f62");
    CHECK(hex(fault_tap::replaced(
              publish, values_of(R"({"kind":"replace","packet":"PUBLISH","payload":"ff","encoding":"hex"})"))) ==
          "30060003612f62ff");
    CHECK(hex(fault_tap::replaced(publish, values_of(R"({"kind":"replace","packet":"PUBLISH","topic":"c"})"))) ==
          "300400016378");
    CHECK(hex(fault_tap::replaced(publish, values_of(R"({"kind":"replace","packet":"PUBLISH","packet_id":2})"))) ==
          "32080003612f62000278");
}

TEST_CASE("a long packet keeps its length right") {
    const std::string payload(300, 'x');
    const auto packet = fault_tap::framed(0x30, payload);
    CHECK(hex(packet.substr(0, 3)) == "30ac02");
    CHECK(packet.size() == 303);
}
