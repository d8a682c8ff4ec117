#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <string>

#include <doctest/doctest.h>

using test::code_of;
using test::Machine;
using test::packet;
using test::publish_packet;
using test::str;

namespace {

std::string says(const std::string& bytes) {
    Machine machine = Machine::connected();
    machine.feed(bytes);
    return machine.last();
}

}  // namespace

TEST_CASE("a QoS 0 PUBLISH has a topic, no id, and the rest is payload [MQTT-2.3.1-5], [MQTT-3.3.2-1]") {
    CHECK(says(publish_packet("a/b", "xyz")) ==
          "PUBLISH dup=0 qos=0 retain=0 id=0 topic='a/b' payload=78797a doubtful=0");
    CHECK(says(publish_packet("t", "")) == "PUBLISH dup=0 qos=0 retain=0 id=0 topic='t' payload= doubtful=0");
}

TEST_CASE("QoS 1 carries its id, RETAIN is told [MQTT-2.3.1-1], [R23], [R25]") {
    CHECK(says(publish_packet("t", "x", 0x03, 0xFFFF)) ==
          "PUBLISH dup=0 qos=1 retain=1 id=65535 topic='t' payload=78 doubtful=0");
}

TEST_CASE("[R26] QoS 2 is handed on as QoS 2") {
    CHECK(says(publish_packet("t", "x", 0x04, 3)) ==
          "PUBLISH dup=0 qos=2 retain=0 id=3 topic='t' payload=78 doubtful=0");
}

TEST_CASE("[R27] DUP with QoS 1 and 2 is handed on") {
    CHECK(says(publish_packet("t", "x", 0x0A, 3)).starts_with("PUBLISH dup=1 qos=1"));
    CHECK(says(publish_packet("t", "x", 0x0C, 3)).starts_with("PUBLISH dup=1 qos=2"));
}

TEST_CASE("[R28] DUP with QoS 0 disconnects [MQTT-3.3.1-2]") {
    CHECK(says(publish_packet("some/topic", "x", 0x08)) == "violation R28.dup_with_qos_0 PUBLISH topic='some/topic'");
    CHECK(code_of(publish_packet("t", "x", 0x09)) == "R28.dup_with_qos_0");
}

TEST_CASE("PUBLISH with QoS 3 closes [MQTT-3.3.1-4]") {
    CHECK(says(publish_packet("t", "x", 0x06, 5)) == "violation MQTT-3.3.1-4.qos_3 PUBLISH id=5 topic='t'");
    CHECK(code_of(publish_packet("t", "x", 0x0F, 5)) == "MQTT-3.3.1-4.qos_3");
}

TEST_CASE("a topic with a wildcard closes [MQTT-3.3.2-2], [MQTT-4.7.1-1]") {
    for (const char* topic : {"#", "+", "a/+/b", "a/#", "a+b", "#a"}) {
        CAPTURE(topic);
        CHECK(code_of(publish_packet(topic, "x")) == "MQTT-3.3.2-2.wildcard_in_topic");
    }
}

TEST_CASE("an empty topic closes, one of 65535 bytes does not [MQTT-4.7.3-1], [MQTT-4.7.3-3]") {
    CHECK(code_of(publish_packet("", "x")) == "MQTT-4.7.3-1.empty_topic");
    CHECK(says(publish_packet(std::string(65'535, 't'), "")).starts_with("PUBLISH"));
}

TEST_CASE("packet id 0 closes with QoS 1 and 2 [MQTT-2.3.1-1]") {
    CHECK(code_of(publish_packet("t", "x", 0x02, 0)) == "MQTT-2.3.1-1.zero_packet_id");
    CHECK(code_of(publish_packet("t", "x", 0x04, 0)) == "MQTT-2.3.1-1.zero_packet_id");
}

TEST_CASE("a PUBLISH that ends within its topic or its id closes [MQTT-3.3.2-1]") {
    CHECK(code_of(packet(0x30, "")) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x30, test::u8(0))) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x30, test::u16(2) + "t")) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x30, test::u16(0xFFFF) + "t")) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x32, str("t"))) == "MQTT-2.2.3.truncated");
    CHECK(code_of(packet(0x32, str("t") + test::u8(1))) == "MQTT-2.2.3.truncated");
}

TEST_CASE("several PUBLISH packets in one read come out in their order [MQTT-4.6.0-2]") {
    Machine machine = Machine::connected();
    std::string bytes;
    for (unsigned id = 1; id <= 50; ++id) bytes += publish_packet("t", "x", 0x02, id);
    machine.feed(bytes);
    REQUIRE(machine.log.size() == 50);
    for (unsigned id = 1; id <= 50; ++id) {
        CHECK(machine.log[id - 1].find(" id=" + std::to_string(id) + " ") != std::string::npos);
    }
}
