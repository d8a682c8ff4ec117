#include "protocol/describe.h"

#include "protocol/encoder.h"
#include "tests/support/packet_builder.h"

#include <string>

#include <doctest/doctest.h>

using protocol::describe_packet;
using protocol::mask_secrets;
using protocol::PacketType;
using test::from_hex;
using test::str;

TEST_CASE("a PUBLISH is described with all its fields") {
    const std::string bytes = test::publish_packet("a/b", "xyz", 0x0B, 0x1234);
    const auto known = describe_packet(bytes);
    CHECK(known.type == PacketType::publish);
    CHECK(known.flags == 0x0B);
    CHECK(known.remaining_length == 10);
    CHECK_FALSE(known.malformed);
    CHECK(known.dup);
    CHECK(known.qos == 1);
    CHECK(known.retain);
    CHECK(known.packet_id == 0x1234);
    CHECK(known.topic == "a/b");
    CHECK(known.payload == "xyz");
    CHECK(describe_packet(test::publish_packet("t", "x")).packet_id == std::nullopt);
}

TEST_CASE("CONNECT and CONNACK are described with all their fields") {
    const std::string bytes = test::connect_packet({.flags = 0x82, .client_id = "me", .rest = str("user")});
    const auto connect = describe_packet(bytes);
    REQUIRE(connect.connect.has_value());
    CHECK(connect.connect->client_id == "me");
    CHECK(connect.connect->username == "user");
    CHECK_FALSE(connect.malformed);
    std::string out;
    protocol::encode_connack(out, true, protocol::ConnackCode::accepted);
    CHECK(describe_packet(out).session_present == true);
    CHECK(describe_packet(out).return_code == 0);
    out.clear();
    protocol::encode_connack(out, false, protocol::ConnackCode::not_authorized);
    CHECK(describe_packet(out).session_present == false);
    CHECK(describe_packet(out).return_code == 5);
}

TEST_CASE("subscriptions and acknowledgements are described with all their fields") {
    const std::string subscribe = test::subscribe_packet(9, {{"a", 1}, {"b/#", 2}});
    const auto known = describe_packet(subscribe);
    CHECK(known.packet_id == 9);
    REQUIRE(known.filters.size() == 2);
    CHECK(known.filters[1].filter == "b/#");
    CHECK(known.filters[1].qos == 2);
    const std::string unsubscribe = test::unsubscribe_packet(8, {"x"});
    CHECK(describe_packet(unsubscribe).packet_id == 8);
    CHECK(describe_packet(unsubscribe).filters.at(0).filter == "x");
    const std::string suback = from_hex("90 04 00 07 00 80");
    CHECK(describe_packet(suback).packet_id == 7);
    CHECK(describe_packet(suback).return_codes == from_hex("00 80"));
    for (const unsigned first : {0x40U, 0x50U, 0x62U, 0x70U, 0xB0U}) {
        CHECK(describe_packet(test::packet(first, test::u16(3))).packet_id == 3);
        CHECK(describe_packet(test::packet(first, test::u16(3) + "x")).malformed);
    }
    CHECK_FALSE(describe_packet(test::pingreq).malformed);
    CHECK_FALSE(describe_packet(from_hex("d0 00")).malformed);
}

TEST_CASE("what cannot be read is malformed, with the fields that can be") {
    CHECK(describe_packet("").malformed);
    CHECK(describe_packet(from_hex("30")).malformed);
    CHECK(describe_packet(from_hex("30 ff ff ff ff 01")).malformed);
    CHECK(describe_packet(from_hex("f0 00")).malformed);
    CHECK(describe_packet(from_hex("c0 01 00")).malformed);
    CHECK(describe_packet(test::pingreq + test::pingreq).malformed);
    const std::string cut = test::publish_packet("topic", "payload").substr(0, 10);
    CHECK(describe_packet(cut).malformed);
    CHECK(describe_packet(cut).topic == "topic");
    CHECK(describe_packet(test::packet(0x36, str("t") + test::u16(5))).packet_id == 5);
    CHECK(describe_packet(test::packet(0x36, str("t") + test::u16(5))).malformed);
    CHECK(describe_packet(test::packet(0x82, test::u16(5) + "\1")).packet_id == 5);
}

TEST_CASE("CONNECT's password is masked, all else stays") {
    const auto connect = [](const std::string& password) {
        return test::connect_packet(
            {.flags = 0xC6, .client_id = "client", .rest = str("will") + str("message") + str("user") + str(password)});
    };
    CHECK(mask_secrets(connect("secret")) == connect("******"));
    CHECK(mask_secrets(connect("")) == connect(""));
    const std::string without = test::connect_packet({.flags = 0x82, .rest = str("user")});
    CHECK(mask_secrets(without) == without);
}

TEST_CASE("a Will for $provision is masked like the PUBLISH that it becomes") {
    const auto connect = [](const std::string& topic, const std::string& message) {
        return test::connect_packet({.flags = 0x06, .rest = str(topic) + str(message)});
    };
    CHECK(mask_secrets(connect("$provision/1", "password")) == connect("$provision/1", "********"));
    CHECK(mask_secrets(connect("$resource/1", "password")) == connect("$resource/1", "password"));
}

TEST_CASE("payloads of $provision are masked at every QoS, others stay") {
    for (const unsigned flags : {0U, 2U, 4U, 6U, 8U}) {
        CHECK(mask_secrets(test::publish_packet("$provision/12345", "abcdef", flags)) ==
              test::publish_packet("$provision/12345", "******", flags));
    }
    for (const char* topic : {"$resource/provision", "provision/1", "a/$provision/1"}) {
        CHECK(mask_secrets(test::publish_packet(topic, "abcdef")) == test::publish_packet(topic, "abcdef"));
    }
}

TEST_CASE("where a packet cannot be read for certain, no byte that could be a secret stays") {
    const std::string whole = test::connect_packet({.flags = 0xC2, .rest = str("user") + str("SECRET")});
    for (std::size_t size = 2; size <= whole.size(); ++size) {
        CAPTURE(size);
        CHECK(mask_secrets(whole.substr(0, size)).find_first_of("SECRT", 12) == std::string::npos);
        CHECK(mask_secrets(test::packet(0x10, whole.substr(2, size - 2))).find_first_of("SECRT", 12) ==
              std::string::npos);
    }
    CHECK(mask_secrets(whole + whole).find("SECRET") == std::string::npos);
    const std::string level5 = test::connect_packet({.level = 5, .flags = 0xC2, .rest = str("user") + str("SECRET")});
    CHECK(mask_secrets(level5).find("SECRET") == std::string::npos);
    const std::string old = test::connect_packet({.name = "MQIsdp", .level = 3, .flags = 0xC2, .rest = str("SECRET")});
    CHECK(mask_secrets(old).find("SECRET") == std::string::npos);
    const std::string publish = test::publish_packet("$provision/1", "SECRET");
    for (std::size_t size = 2; size < publish.size(); ++size) {
        CHECK(mask_secrets(publish.substr(0, size)).find('S') == std::string::npos);
    }
    const std::string wrong_topic_size = test::packet(0x30, test::u16(900) + "$provision/1SECRET");
    CHECK(mask_secrets(wrong_topic_size).find("SECRET") == std::string::npos);
    CHECK(mask_secrets("GET / HTTP/1.1\r\nAuthorization: token SECRET\r\n").find("SECRET") == std::string::npos);
    CHECK(mask_secrets(from_hex("30 ff ff ff ff") + "SECRET") == from_hex("30 ff ff ff ff") + "******");
}

TEST_CASE("packets without secrets stay as they are") {
    const std::string subscribe = test::subscribe_packet(1, {{"$provision/1", 0}});
    CHECK(mask_secrets(subscribe) == subscribe);
    const std::string unsubscribe = test::unsubscribe_packet(1, {"a"});
    CHECK(mask_secrets(unsubscribe) == unsubscribe);
    for (const char* hex : {"20 02 00 04", "40 02 00 01", "90 03 00 01 80", "b0 02 00 01", "c0 00", "d0 00", "e0 00"}) {
        CHECK(mask_secrets(from_hex(hex)) == from_hex(hex));
    }
}
