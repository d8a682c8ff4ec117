#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <string>

#include <doctest/doctest.h>

using test::code_of_first;
using test::connect_packet;
using test::Machine;
using test::packet;
using test::str;
using test::u16;
using test::u8;

namespace {

std::string says(const std::string& bytes) {
    Machine machine;
    machine.feed(bytes);
    return machine.last();
}

}  // namespace

TEST_CASE("CONNECT is read field by field, in the order of the payload [MQTT-3.1.3-1], [MQTT-3.1.2-9]") {
    const std::string rest = str("will/topic") + str("bye") + str("12345") + str("token");
    CHECK(says(connect_packet({.flags = 0xF6, .keep_alive = 0x1234, .client_id = "12345", .rest = rest})) ==
          "CONNECT name='MQTT' level=4 clean=1 keep_alive=4660 client='12345' doubtful=0 will_topic='will/topic' "
          "will=627965 will_qos=2 will_retain=1 user='12345' password=746f6b656e");
}

TEST_CASE(
    "without flags there is a Client ID and nothing else [MQTT-3.1.2-12], [MQTT-3.1.2-18], [MQTT-3.1.2-20], "
    "[MQTT-3.1.3-3]") {
    CHECK(says(connect_packet()) == "CONNECT name='MQTT' level=4 clean=1 keep_alive=60 client='c' doubtful=0");
    CHECK(code_of_first(connect_packet({.rest = str("x")})) == "MQTT-3.1.4-1.connect_trailing_bytes");
    CHECK(code_of_first(packet(0x10, str("MQTT") + u8(4) + u8(2) + u16(60))) == "MQTT-3.1.4-1.connect_truncated");
}

TEST_CASE("User Name and Password are there where their flags say so [MQTT-3.1.2-19], [MQTT-3.1.2-21]") {
    CHECK(says(connect_packet({.flags = 0x82, .rest = str("u")})).ends_with("doubtful=0 user='u'"));
    CHECK(says(connect_packet({.flags = 0xC2, .rest = str("") + str("")})).ends_with("doubtful=0 user='' password="));
    CHECK(code_of_first(connect_packet({.flags = 0x82})) == "MQTT-3.1.4-1.connect_truncated");
    CHECK(code_of_first(connect_packet({.flags = 0xC2, .rest = str("u")})) == "MQTT-3.1.4-1.connect_truncated");
    CHECK(code_of_first(connect_packet({.flags = 0x82, .rest = str("u") + str("p")})) ==
          "MQTT-3.1.4-1.connect_trailing_bytes");
}

TEST_CASE("Will flag 1 without Will Topic or Will Message closes [MQTT-3.1.2-9]") {
    CHECK(code_of_first(connect_packet({.flags = 0x06})) == "MQTT-3.1.4-1.connect_truncated");
    CHECK(code_of_first(connect_packet({.flags = 0x06, .rest = str("t")})) == "MQTT-3.1.4-1.connect_truncated");
    CHECK(says(connect_packet({.flags = 0x06, .rest = str("t") + str("")})).find("will_topic='t' will= ") !=
          std::string::npos);
}

TEST_CASE("Password and Will Message are binary, up to 65535 bytes [MQTT-3.1.3-11]") {
    const std::string binary = std::string("\0\xFF\xC0", 3) + std::string(65'532, 'p');
    const std::string rest = str("t") + str(binary) + str(std::string(65'535, 'u')) + str(binary);
    const std::string largest = connect_packet({.flags = 0xC6, .client_id = std::string(65'535, 'c'), .rest = rest});
    CHECK(says(largest).ends_with("password=" + test::to_hex(binary)));
}

TEST_CASE("another protocol name is closed without CONNACK [MQTT-3.1.2-1], [MQTT-3.2.2-6]") {
    for (const char* name : {"mqtt", "MQTTX", "MQT", "", "HTTP", "MQIsdp"}) {
        CAPTURE(name);
        CHECK(says(connect_packet({.name = name})) == "violation MQTT-3.1.2-1.protocol_name CONNECT");
    }
    CHECK(says(connect_packet({.name = "AMQP", .level = 3})) == "violation MQTT-3.1.2-1.protocol_name CONNECT");
}

TEST_CASE("another protocol level gets CONNACK 1, and is not read any further [MQTT-3.1.2-2]") {
    for (const unsigned level : {0U, 3U, 5U, 6U, 0x84U, 255U}) {
        CAPTURE(level);
        const std::string code = level == 5 ? "MQTT-3.1.2-2.mqtt_5" : "MQTT-3.1.2-2.protocol_level";
        CHECK(says(connect_packet({.level = level})) == "violation " + code + " CONNECT connack=1");
    }
    CHECK(says(packet(0x10, str("MQTT") + u8(5))) == "violation MQTT-3.1.2-2.mqtt_5 CONNECT connack=1");
}

TEST_CASE("[R4] MQIsdp with level 3 is read whole: its credentials decide the code") {
    const auto text = says(connect_packet({.name = "MQIsdp", .level = 3, .client_id = "second"}));
    CHECK(text == "CONNECT name='MQIsdp' level=3 clean=1 keep_alive=60 client='second' doubtful=0");
}

TEST_CASE("the reserved connect flag closes [MQTT-3.1.2-3]") {
    CHECK(code_of_first(connect_packet({.flags = 0x03})) == "MQTT-3.1.2-3.reserved_connect_flag");
    CHECK(code_of_first(connect_packet({.flags = 0x01})) == "MQTT-3.1.2-3.reserved_connect_flag");
}

TEST_CASE("without a Will, Will QoS and Will Retain are 0 [MQTT-3.1.2-11], [MQTT-3.1.2-13], [MQTT-3.1.2-15]") {
    for (const unsigned flags : {0x0AU, 0x12U, 0x1AU})
        CHECK(code_of_first(connect_packet({.flags = flags})) == "MQTT-3.1.2-13.will_qos_without_will");
    CHECK(code_of_first(connect_packet({.flags = 0x22})) == "MQTT-3.1.2-15.will_retain_without_will");
}

TEST_CASE("Will QoS 3 closes, 0 to 2 are taken [MQTT-3.1.2-14], [R8], [R9]") {
    const std::string rest = str("t") + str("m");
    CHECK(code_of_first(connect_packet({.flags = 0x1E, .rest = rest})) == "MQTT-3.1.2-14.will_qos_3");
    for (unsigned qos = 0; qos < 3; ++qos) {
        const auto text = says(connect_packet({.flags = 0x26 + qos * 8, .rest = rest}));
        CHECK(text.ends_with("will_qos=" + std::to_string(qos) + " will_retain=1"));
    }
}

TEST_CASE("a Will Topic is a topic name: not empty, no wildcards [MQTT-4.7.3-1], [MQTT-4.7.1-1], [MQTT-3.1.3-10]") {
    CHECK(code_of_first(connect_packet({.flags = 0x06, .rest = str("") + str("m")})) ==
          "MQTT-4.7.3-1.empty_will_topic");
    CHECK(code_of_first(connect_packet({.flags = 0x06, .rest = str("a/#") + str("m")})) ==
          "MQTT-4.7.1-1.wildcard_in_will_topic");
    CHECK(code_of_first(connect_packet({.flags = 0x06, .rest = str("\xFF") + str("m")})) ==
          "MQTT-1.5.3-1.ill_formed_utf8");
}

TEST_CASE("Password without User Name closes [MQTT-3.1.2-22]") {
    CHECK(says(connect_packet({.flags = 0x42, .rest = str("p")})) ==
          "violation MQTT-3.1.2-22.password_without_username CONNECT");
}

TEST_CASE("Client IDs of 1 to 23 letters and digits, and all others, are taken [MQTT-3.1.3-5]") {
    const std::string all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (std::size_t i = 0; i + 23 <= all.size(); i += 13) {
        CHECK(says(connect_packet({.client_id = all.substr(i, 23)})).starts_with("CONNECT"));
    }
    CHECK(says(connect_packet({.client_id = "\xC3\xA4 /+#$"})).find("client='\xC3\xA4 /+#$'") != std::string::npos);
}

TEST_CASE(
    "an empty Client ID needs Clean Session 1, else CONNACK 2 [MQTT-3.1.3-6], [MQTT-3.1.3-7], [MQTT-3.1.3-8], "
    "[MQTT-3.1.3-9]") {
    CHECK(says(connect_packet({.client_id = ""})).starts_with("CONNECT"));
    CHECK(says(connect_packet({.flags = 0x00, .client_id = ""})) ==
          "violation MQTT-3.1.3-8.empty_client_id CONNECT connack=2");
    CHECK(says(connect_packet({.flags = 0x00})).find("clean=0") != std::string::npos);
}

TEST_CASE("a CONNECT that is cut short or too long by bytes closes without CONNACK [MQTT-3.1.4-1]") {
    const std::string rest = str("t") + str("m") + str("u") + str("p");
    const std::string whole = connect_packet({.flags = 0xC6, .rest = rest}).substr(2);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(says(packet(0x10, whole.substr(0, size))) == "violation MQTT-3.1.4-1.connect_truncated CONNECT");
    }
    CHECK(says(packet(0x10, whole)).starts_with("CONNECT"));
    CHECK(says(packet(0x10, whole + "x")) == "violation MQTT-3.1.4-1.connect_trailing_bytes CONNECT");
}

TEST_CASE("CONNECT with flags in the fixed header closes [MQTT-2.2.2-2]") {
    for (unsigned flags = 1; flags < 16; ++flags) {
        std::string bytes = connect_packet();
        bytes[0] = static_cast<char>(0x10 + flags);
        CHECK(code_of_first(bytes) == "MQTT-2.2.2-2.reserved_flags");
    }
}
