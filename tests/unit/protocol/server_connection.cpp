#include "protocol/server_connection.h"

#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <string>

#include <doctest/doctest.h>

using protocol::ConnectionState;
using test::code_of;
using test::code_of_first;
using test::connect_packet;
using test::from_hex;
using test::Machine;
using test::packet;
using test::pingreq;
using test::publish_packet;

TEST_CASE("first packet must be CONNECT [MQTT-3.1.0-1]") {
    for (unsigned type = 0; type < 16; ++type) {
        if (type == 1) continue;
        CAPTURE(type);
        CHECK(code_of_first(packet(type * 16, "")) == "MQTT-3.1.0-1.first_not_connect");
        CHECK(code_of_first(test::u8(type * 16)) == "MQTT-3.1.0-1.first_not_connect");  // its first byte is enough
    }
    CHECK(code_of_first("GET / HTTP/1.1\r\n\r\n") == "MQTT-3.1.0-1.first_not_connect");
}

TEST_CASE("a second CONNECT closes [MQTT-3.1.0-2]") {
    CHECK(code_of(connect_packet()) == "MQTT-3.1.0-2.second_connect");
}

TEST_CASE("packets that only a server sends close, and so do the reserved types [MQTT-4.8.0-1]") {
    for (const char* hex : {"20 02 00 00", "90 03 00 01 00", "b0 02 00 01", "d0 00"}) {
        CAPTURE(hex);
        CHECK(code_of(from_hex(hex)) == "MQTT-4.8.0-1.server_packet");
    }
    for (const char* hex : {"00 00", "f0 00", "0f", "ff"}) {
        CAPTURE(hex);
        CHECK(code_of(from_hex(hex)) == "MQTT-4.8.0-1.reserved_type");
    }
}

TEST_CASE("[R29] PUBACK is ignored with its id told") {
    Machine machine = Machine::connected();
    machine.feed(from_hex("40 02 12 34") + pingreq);
    REQUIRE(machine.log.size() == 2);
    CHECK(machine.log[0] == "PUBACK id=4660");
    CHECK(machine.log[1] == "PINGREQ");
    CHECK(code_of(from_hex("40 01 12")) == "MQTT-2.2.3.truncated");
    CHECK(code_of(from_hex("40 03 12 34 56")) == "MQTT-2.2.3.trailing_bytes");
    CHECK(code_of(from_hex("42 02 12 34")) == "MQTT-2.2.2-2.reserved_flags");
}

TEST_CASE("[R30] PUBREC, PUBREL and PUBCOMP disconnect, whatever their flags [MQTT-3.6.1-1]") {
    for (const char* hex : {"50 02 00 05", "60 02 00 05", "62 02 00 05", "70 02 00 05"}) {
        Machine machine = Machine::connected();
        machine.feed(from_hex(hex));
        CHECK(machine.last().starts_with("violation R30.qos_2_packet "));
        CHECK(machine.last().ends_with(" id=5"));
        CHECK(code_of(from_hex(hex).substr(0, 1)) == "R30.qos_2_packet");
    }
}

TEST_CASE("PINGREQ asks for PINGRESP [MQTT-3.12.4-1]") {
    Machine machine = Machine::connected();
    machine.feed(pingreq + pingreq);
    CHECK(machine.log == std::vector<std::string>{"PINGREQ", "PINGREQ"});
    CHECK(code_of(from_hex("c0 01 00")) == "MQTT-2.2.3.trailing_bytes");
    CHECK(code_of(from_hex("c1 00")) == "MQTT-2.2.2-2.reserved_flags");
}

TEST_CASE("DISCONNECT ends it, and nothing behind it is processed [MQTT-3.14.4-3]") {
    Machine machine = Machine::connected();
    machine.feed(test::disconnect + publish_packet("t", "x"));
    CHECK(machine.log == std::vector<std::string>{"DISCONNECT"});
    CHECK(machine.closing());
    CHECK(machine.left.empty());
}

TEST_CASE("DISCONNECT with flags or a body is a violation, no goodbye [MQTT-3.14.1-1]") {
    for (unsigned flags = 1; flags < 16; ++flags)
        CHECK(code_of(packet(0xE0 + flags, "")) == "MQTT-3.14.1-1.disconnect_flags");
    CHECK(code_of(from_hex("e0 01 00")) == "MQTT-2.2.3.trailing_bytes");
}

TEST_CASE("packets behind a CONNECT wait for its answer and are then processed in order [MQTT-3.1.4-5]") {
    Machine machine(Machine::Answer::none);
    machine.feed(connect_packet() + publish_packet("t", "1") + pingreq);
    CHECK(machine.log.size() == 1);
    CHECK(machine.connection.state() == ConnectionState::authenticating);
    CHECK(machine.left == publish_packet("t", "1") + pingreq);
    machine.feed(publish_packet("t", "2"));
    CHECK(machine.log.size() == 1);
    machine.connection.accepted(0, false);
    machine.feed("");
    REQUIRE(machine.log.size() == 4);
    CHECK(machine.log[1].find("payload=31") != std::string::npos);
    CHECK(machine.log[2] == "PINGREQ");
    CHECK(machine.log[3].find("payload=32") != std::string::npos);
}

TEST_CASE("after a refused CONNECT nothing is processed [MQTT-3.1.4-5]") {
    Machine machine(Machine::Answer::refuse);
    machine.feed(connect_packet() + publish_packet("t", "1") + connect_packet());
    machine.feed(pingreq);
    CHECK(machine.log.size() == 1);
    CHECK(machine.closing());
    CHECK(machine.left.empty());
}

TEST_CASE("after a violation nothing is processed [MQTT-4.8.0-1]") {
    Machine machine = Machine::connected();
    machine.feed(publish_packet("#", "") + pingreq);
    machine.feed(pingreq);
    CHECK(machine.log.size() == 1);
    CHECK(machine.broken_code() == "MQTT-3.3.2-2.wildcard_in_topic");
}

TEST_CASE("the caller's own close stops the reading, in the middle of a packet too") {
    Machine machine = Machine::connected();
    machine.feed(pingreq + publish_packet("t", "x").substr(0, 3));
    machine.connection.close();
    machine.feed(publish_packet("t", "x").substr(3) + pingreq);
    CHECK(machine.log == std::vector<std::string>{"PINGREQ"});
}

TEST_CASE("an answer without a question changes nothing") {
    Machine machine;
    machine.connection.accepted(60, false);
    CHECK(machine.connection.state() == ConnectionState::awaiting_connect);
    machine.connection.refused();
    CHECK(machine.connection.state() == ConnectionState::awaiting_connect);
    machine.feed(connect_packet() + test::disconnect);
    machine.connection.accepted(60, false);
    CHECK(machine.closing());
}

TEST_CASE("a CONNECT may take 327700 bytes and no more [MQTT-2.2.3]") {
    CHECK(code_of_first(test::u8(0x10) + test::length_field(327'701)) == "MQTT-2.2.3.packet_too_large");
    Machine machine;
    machine.feed(test::u8(0x10) + test::length_field(327'700));
    CHECK(machine.log.empty());
}

TEST_CASE("anonymous clients send at most anonymous_max_packet_bytes, devices max_packet_bytes [MQTT-2.2.3]") {
    const protocol::PacketLimits limits{.max_packet_bytes = 2000, .anonymous_max_packet_bytes = 1000};
    const auto outcome = [&](Machine::Answer answer, std::size_t size) {
        Machine machine = Machine::connected(answer, limits);
        machine.feed(publish_packet("t", std::string(size - 3, 'x')));
        return machine.last();
    };
    CHECK(outcome(Machine::Answer::anonymous, 1000).starts_with("PUBLISH"));
    CHECK(outcome(Machine::Answer::anonymous, 1001).starts_with("violation MQTT-2.2.3.packet_too_large"));
    CHECK(outcome(Machine::Answer::device, 2000).starts_with("PUBLISH"));
    CHECK(outcome(Machine::Answer::device, 2001).starts_with("violation MQTT-2.2.3.packet_too_large"));
}

TEST_CASE("last_packet is the packet behind the action, whole as it came") {
    Machine machine = Machine::connected();
    const std::string publish = publish_packet("topic", "payload", 0x02, 3);
    machine.feed(publish + pingreq + publish.substr(0, 4));
    machine.feed(publish.substr(4) + from_hex("50 02 00 09"));
    CHECK(machine.packets == std::vector<std::string>{publish, pingreq, publish, from_hex("50 02 00 09")});
    CHECK(machine.connection.last_packet().empty());
}

TEST_CASE("of a packet that is refused before it has come, last_packet is what there is") {
    Machine oversized = Machine::connected();
    oversized.feed(from_hex("30 ff ff ff ff 01 02 03"));
    CHECK(oversized.broken_code() == "MQTT-2.2.3.length_too_long");
    CHECK(oversized.packets == std::vector<std::string>{from_hex("30 ff ff ff ff")});
    Machine partial = Machine::connected();
    partial.feed(from_hex("d0 05 01"));
    CHECK(partial.packets == std::vector<std::string>{from_hex("d0 05 01")});
}

TEST_CASE("every violation says its code and a sentence") {
    for (unsigned first = 0; first < 256; ++first) {
        Machine machine = Machine::connected();
        machine.feed(packet(first, ""));
        for (const auto& violation : machine.violations) {
            CHECK((violation.code.starts_with("MQTT-") || violation.code.starts_with("R")));
            CHECK(violation.message.ends_with("."));
            CHECK(static_cast<unsigned>(violation.type) == first / 16);
        }
    }
}
