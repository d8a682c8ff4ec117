#include "protocol/keep_alive.h"

#include "tests/support/packet_builder.h"
#include "tests/unit/protocol/machine.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using protocol::KeepAlive;
using protocol::TimePoint;
using test::connect_packet;
using test::Machine;

TEST_CASE("silence of 1.5 x Keep Alive is the end [MQTT-3.1.2-24]") {
    KeepAlive keep_alive;
    keep_alive.start(5, TimePoint(100s));
    CHECK(keep_alive.deadline() == TimePoint(107500ms));
    CHECK_FALSE(keep_alive.expired(TimePoint(107499ms)));
    CHECK(keep_alive.expired(TimePoint(107500ms)));
    keep_alive.touch(TimePoint(107s));
    CHECK_FALSE(keep_alive.expired(TimePoint(114499ms)));
    CHECK(keep_alive.expired(TimePoint(114500ms)));
}

TEST_CASE("Keep Alive 0 turns it off, 65535 is a good day [MQTT-3.1.2-24]") {
    KeepAlive keep_alive;
    CHECK_FALSE(keep_alive.deadline());
    keep_alive.start(0, TimePoint(1s));
    CHECK_FALSE(keep_alive.deadline());
    CHECK_FALSE(keep_alive.expired(TimePoint(1000h)));
    keep_alive.start(65'535, TimePoint(0s));
    CHECK(keep_alive.deadline() == TimePoint(98302500ms));
}

TEST_CASE("Keep Alive runs from the CONNECT and from each whole packet on [MQTT-3.1.2-24]") {
    Machine machine;
    CHECK_FALSE(machine.connection.keep_alive().deadline());
    machine.now = TimePoint(10s);
    machine.feed(connect_packet({.keep_alive = 20}));
    CHECK(machine.connection.keep_alive().deadline() == TimePoint(40s));
    machine.now = TimePoint(25s);
    machine.feed(test::pingreq);
    CHECK(machine.connection.keep_alive().deadline() == TimePoint(55s));
    machine.now = TimePoint(30s);
    machine.feed(test::from_hex("c0"));  // half a PINGREQ is no packet
    CHECK(machine.connection.keep_alive().deadline() == TimePoint(55s));
    machine.now = TimePoint(31s);
    machine.feed(test::from_hex("00"));
    CHECK(machine.connection.keep_alive().deadline() == TimePoint(61s));
    machine.connection.reading_resumed(TimePoint(60s));
    CHECK(machine.connection.keep_alive().deadline() == TimePoint(90s));
}
