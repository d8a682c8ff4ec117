#include "protocol/decode_answers.h"

#include "tests/support/packet_builder.h"

#include <doctest/doctest.h>

using test::from_hex;

TEST_CASE("CONNACK is read with Session Present and its code [MQTT-3.2.2-2]") {
    for (unsigned code = 0; code <= 5; ++code) {
        const auto connack = protocol::decode_connack(from_hex("01") + test::u8(code));
        REQUIRE(connack.ok());
        CHECK(connack.value().session_present);
        CHECK(connack.value().code == code);
    }
    CHECK_FALSE(protocol::decode_connack(from_hex("00 00")).value().session_present);
}

TEST_CASE("a CONNACK that is cut, too long or reserved is not read [MQTT-3.2.2-6]") {
    for (const char* const wrong : {"", "00", "00 00 00", "02 00", "00 06", "00 ff"}) {
        CAPTURE(wrong);
        CHECK_FALSE(protocol::decode_connack(from_hex(wrong)).ok());
    }
}

TEST_CASE("SUBACK is read with a code for each filter [MQTT-3.8.4-5]") {
    const auto body = from_hex("12 34 00 80 02");
    const auto suback = protocol::decode_suback(body);
    REQUIRE(suback.ok());
    CHECK(suback.value().packet_id == 0x1234);
    CHECK(suback.value().codes == from_hex("00 80 02"));
}

TEST_CASE("a SUBACK without a code, cut or with a reserved one is not read [MQTT-3.9.3-2]") {
    for (const char* const wrong : {"", "12", "12 34", "12 34 03", "12 34 00 81"}) {
        CAPTURE(wrong);
        CHECK_FALSE(protocol::decode_suback(from_hex(wrong)).ok());
    }
}
