#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using test::code_of;
using test::Machine;
using test::packet;
using test::subscribe_packet;
using test::u16;
using test::u8;
using test::unsubscribe_packet;

namespace {

std::string says(const std::string& bytes) {
    Machine machine = Machine::connected();
    machine.feed(bytes);
    return machine.last();
}

}  // namespace

TEST_CASE("SUBSCRIBE: id and filters with their QoS, in order [MQTT-3.8.3-1], [MQTT-3.8.4-4]") {
    CHECK(says(subscribe_packet(0x0102, {{"a/#", 0}, {"$resource/+", 1}, {"b", 2}})) ==
          "SUBSCRIBE id=258 filter='a/#' qos=0 filter='$resource/+' qos=1 filter='b' qos=2 doubtful=0");
}

TEST_CASE("UNSUBSCRIBE: id and filters, in order [MQTT-3.10.3-1], [MQTT-3.10.4-6]") {
    CHECK(says(unsubscribe_packet(7, {"a/#", "b"})) == "UNSUBSCRIBE id=7 filter='a/#' filter='b' doubtful=0");
}

TEST_CASE("SUBSCRIBE with other flags than 0010 closes [MQTT-3.8.1-1], [MQTT-2.2.2-1]") {
    for (unsigned flags = 0; flags < 16; ++flags) {
        if (flags == 2) continue;
        CHECK(code_of(packet(0x80 + flags, u16(1) + test::str("a") + u8(0))) == "MQTT-3.8.1-1.subscribe_flags");
    }
}

TEST_CASE("UNSUBSCRIBE with other flags than 0010 closes [MQTT-3.10.1-1], [MQTT-2.2.2-1]") {
    for (unsigned flags = 0; flags < 16; ++flags) {
        if (flags == 2) continue;
        CHECK(code_of(packet(0xA0 + flags, u16(1) + test::str("a"))) == "MQTT-3.10.1-1.unsubscribe_flags");
    }
}

TEST_CASE("without a filter both close [MQTT-3.8.3-3], [MQTT-3.10.3-2]") {
    CHECK(code_of(subscribe_packet(1, {})) == "MQTT-3.8.3-3.no_filter");
    CHECK(code_of(unsubscribe_packet(1, {})) == "MQTT-3.10.3-2.no_filter");
}

TEST_CASE("packet id 0 closes [MQTT-2.3.1-1]") {
    CHECK(code_of(subscribe_packet(0, {{"a", 0}})) == "MQTT-2.3.1-1.zero_packet_id");
    CHECK(code_of(unsubscribe_packet(0, {"a"})) == "MQTT-2.3.1-1.zero_packet_id");
}

TEST_CASE("a requested QoS of 3, or with upper bits, closes [MQTT-3.8.3-4]") {
    for (const unsigned qos : {3U, 4U, 0x40U, 0x80U, 0xFFU}) {
        CAPTURE(qos);
        CHECK(code_of(subscribe_packet(1, {{"good", 1}, {"a", qos}})) == "MQTT-3.8.3-4.requested_qos");
    }
}

TEST_CASE(
    "a filter with misplaced wildcards, or empty, closes, wherever it stands "
    "[MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-1]") {
    for (const auto& bad : std::vector<std::pair<std::string, std::string>>{{"a/#/b", "MQTT-4.7.1-2.misplaced_hash"},
                                                                            {"a#", "MQTT-4.7.1-2.misplaced_hash"},
                                                                            {"a+", "MQTT-4.7.1-3.misplaced_plus"},
                                                                            {"", "MQTT-4.7.3-1.empty_filter"}}) {
        const auto& filter = bad.first;
        const auto& code = bad.second;
        CAPTURE(filter);
        CHECK(code_of(subscribe_packet(1, {{filter, 0}})) == code);
        CHECK(code_of(subscribe_packet(1, {{"good", 0}, {filter, 0}})) == code);
        CHECK(code_of(unsubscribe_packet(1, {"good", filter})) == code);
    }
}

TEST_CASE("a SUBSCRIBE or UNSUBSCRIBE that ends within a field closes and tells its id") {
    const std::string whole = subscribe_packet(9, {{"abc", 1}}).substr(2);
    CHECK(code_of(packet(0x82, "")) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x82, u8(1))) == "MQTT-2.2.3.truncated");
    for (std::size_t size = 3; size < whole.size(); ++size) {
        CHECK(says(packet(0x82, whole.substr(0, size))) == "violation MQTT-2.2.3.truncated SUBSCRIBE id=9");
    }
    for (const std::size_t size : {3U, 4U, 6U}) {
        CHECK(says(packet(0xA2, whole.substr(0, size))) == "violation MQTT-2.2.3.truncated UNSUBSCRIBE id=9");
    }
}

TEST_CASE("the number of filters in one packet is bounded") {
    const std::string filter = test::str("a");
    std::string body = u16(1);
    for (int i = 0; i < 65'535; ++i) body += filter;
    Machine machine = Machine::connected();
    machine.feed(packet(0xA2, body));
    CHECK(machine.last().starts_with("UNSUBSCRIBE"));
    CHECK(code_of(packet(0xA2, body + filter)) == "MQTT-4.8.0-1.too_many_filters");
    std::string subscribe = u16(1);
    for (int i = 0; i < 65'536; ++i) subscribe += filter + u8(0);
    CHECK(code_of(packet(0x82, subscribe)) == "MQTT-4.8.0-1.too_many_filters");
}
