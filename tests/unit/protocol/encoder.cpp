#include "protocol/encoder.h"

#include "tests/support/packet_builder.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using protocol::ConnackCode;
using test::from_hex;

TEST_CASE("CONNACK carries Session Present and the code [MQTT-3.2.2-2], [MQTT-3.2.2-3]") {
    std::string out;
    protocol::encode_connack(out, false, ConnackCode::accepted);
    protocol::encode_connack(out, true, ConnackCode::accepted);
    CHECK(out == from_hex("20 02 00 00 20 02 01 00"));
}

TEST_CASE("Session Present is 0 with every other code [MQTT-3.2.2-4]") {
    for (unsigned code = 1; code <= 5; ++code) {
        std::string out;
        protocol::encode_connack(out, true, static_cast<ConnackCode>(code));
        CHECK(out == from_hex("20 02 00") + test::u8(code));
    }
}

TEST_CASE("acknowledgements carry the id of what they answer [MQTT-2.3.1-6], [MQTT-2.3.1-7]") {
    std::string out = "before";
    protocol::encode_puback(out, 0x1234);
    protocol::encode_unsuback(out, 1);
    CHECK(out == "before" + from_hex("40 02 12 34 b0 02 00 01"));
}

TEST_CASE("SUBACK has one code per filter, in order [MQTT-3.8.4-5], [MQTT-3.9.3-1], [MQTT-3.8.4-2]") {
    std::string out;
    const std::array<std::uint8_t, 3> codes = {0x00, 0x80, 0x00};
    protocol::encode_suback(out, 0xABCD, codes);
    CHECK(out == from_hex("90 05 ab cd 00 80 00"));
    out.clear();
    protocol::encode_suback(out, 1, std::vector<std::uint8_t>(200, 0x80));
    CHECK(out == from_hex("90 ca 01 00 01") + std::string(200, '\x80'));
}

TEST_CASE("PINGRESP is two bytes [MQTT-3.12.4-1]") {
    std::string out;
    protocol::encode_pingresp(out);
    CHECK(out == from_hex("d0 00"));
}

TEST_CASE(
    "[R23] an outgoing PUBLISH is QoS 0 with DUP 0, RETAIN 0 and no id [MQTT-4.3.1-1], [MQTT-3.3.1-2], "
    "[MQTT-2.3.1-5]") {
    std::string out;
    protocol::encode_publish(out, "a/b", "xyz");
    CHECK(out == from_hex("30 08 00 03 61 2f 62 78 79 7a"));
    out.clear();
    protocol::encode_publish(out, "t", "");
    CHECK(out == from_hex("30 03 00 01 74"));
}

TEST_CASE("an outgoing PUBLISH equals that of another encoder at every size of the length field [MQTT-2.2.3]") {
    for (const std::size_t size : {0U, 124U, 125U, 16'380U, 16'381U, 2'097'148U, 2'097'149U}) {
        const std::string payload(size, 'p');
        std::string out;
        protocol::encode_publish(out, "t", payload);
        CHECK((out == test::publish_packet("t", payload)));
        std::string header;
        protocol::encode_publish_header(header, "t", size);
        CHECK((header + payload == out));
    }
}

TEST_CASE("what no PUBLISH can carry is refused before anything is written [MQTT-2.2.3]") {
    std::string out;
    CHECK_THROWS_AS(protocol::encode_publish_header(out, "t", protocol::largest_publish), std::length_error);
    CHECK_THROWS_AS(protocol::encode_publish(out, std::string(65'536, 't'), ""), std::length_error);
    CHECK(out.empty());
    protocol::encode_publish_header(out, "t", protocol::largest_publish - 1);
    CHECK(out == from_hex("30 ff ff ff 7f 00 01 74"));
}
