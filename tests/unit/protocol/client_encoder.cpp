#include "protocol/client_encoder.h"

#include "protocol/decode.h"
#include "protocol/packet_splitter.h"
#include "tests/support/packet_builder.h"

#include <string>

#include <doctest/doctest.h>

using test::from_hex;

TEST_CASE("CONNECT has its fields in order, and a flag for each that is there [MQTT-3.1.2-1], [MQTT-3.1.3-1]") {
    std::string out;
    protocol::encode_connect(out, {.client_id = "a", .keep_alive_s = 60});
    CHECK(out == from_hex("10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 61"));
    out.clear();
    protocol::encode_connect(out, {.client_id = "a", .clean_session = false, .username = "", .password = "pw"});
    CHECK(out == from_hex("10 13 00 04 4d 51 54 54 04 c0 00 00 00 01 61 00 00 00 02 70 77"));
    out.clear();
    protocol::encode_connect(out, {.client_id = "", .level = 5});
    CHECK(out == from_hex("10 0c 00 04 4d 51 54 54 05 02 00 00 00 00"));
}

TEST_CASE("a CONNECT of every size is one that the server reads [MQTT-2.2.3]") {
    for (const std::size_t size : {0U, 100U, 111U, 112U, 16'000U, 65'535U}) {
        const std::string id(size, 'i');
        std::string out;
        protocol::encode_connect(out, {.client_id = id, .keep_alive_s = 7, .username = id, .password = id});
        protocol::PacketSplitter splitter(1'000'000);
        std::string_view input = out;
        const auto result = splitter.next(input);
        const auto* frame = std::get_if<protocol::Frame>(&result);
        REQUIRE(frame != nullptr);
        CHECK(input.empty());
        const auto connect = protocol::decode_connect(frame->body);
        REQUIRE(connect.ok());
        CHECK((connect.value().client_id == id));
        CHECK((connect.value().username == id));
        CHECK((connect.value().password == id));
        CHECK(connect.value().keep_alive_s == 7);
    }
}

TEST_CASE("a client's PUBLISH has its flags, and an id with QoS 1 and 2 only [MQTT-2.3.1-5], [MQTT-3.3.1-1]") {
    std::string out;
    protocol::encode_client_publish(out, "a/b", "x", {}, 7);
    protocol::encode_client_publish(out, "a/b", "x", {.qos = 1}, 7);
    protocol::encode_client_publish(out, "a/b", "x", {.qos = 2, .dup = true, .retain = true}, 0x1234);
    CHECK(out == from_hex("30 06 00 03 61 2f 62 78"
                          "32 08 00 03 61 2f 62 00 07 78"
                          "3d 08 00 03 61 2f 62 12 34 78"));
}

TEST_CASE("SUBSCRIBE, PUBREC, PINGREQ and DISCONNECT have the flags that they must have [MQTT-3.8.1-1]") {
    std::string out;
    protocol::encode_subscribe(out, 1, "a/#");
    protocol::encode_pubrec(out, 2);
    protocol::encode_pingreq(out);
    protocol::encode_disconnect(out);
    CHECK(out == from_hex("82 08 00 01 00 03 61 2f 23 00"
                          "50 02 00 02"
                          "c0 00"
                          "e0 00"));
}
