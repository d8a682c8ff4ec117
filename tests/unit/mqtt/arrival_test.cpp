// What a tap may do to packets that come.

#include "tests/support/world/world.h"
#include "tests/unit/mqtt/scripted_tap.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;
using mqtt::OnArrival;

namespace {

OnArrival on_arrival(OnArrival::Act act) {
    OnArrival made;
    made.act = act;
    return made;
}

struct Tapped {
    test::ScriptedTaps taps;
    test::World world{{}, &taps};
    test::Device& a = world.connect("a");
};

}  // namespace

TEST_CASE("an ignored PUBLISH never came") {
    Tapped t;
    t.taps.came = test::on_coming<protocol::PublishRequest>(on_arrival(OnArrival::Act::ignore));
    t.a.publish("$resource/data_in", "5", 7);
    t.a.expect_nothing();
    CHECK_FALSE(t.world.reported("a", "data_in"));
    t.a.send(test::pingreq);
    t.a.expect_pingresp();
}

TEST_CASE("[MQTT-3.1.2-24] an ignored packet does not feed Keep Alive") {
    Tapped t;  // Keep Alive 60 s
    t.taps.came = test::on_coming<protocol::PingRequest>(on_arrival(OnArrival::Act::ignore));
    t.world.pass(80s);
    t.a.send(test::pingreq);
    t.world.pass(9s);
    t.a.expect_nothing();
    t.world.pass(1s);
    t.a.expect_closed(CloseReason::keep_alive);
}

TEST_CASE("behind an ignored CONNECT everything is ignored, without a finding, and no timeout closes") {
    test::ScriptedTaps taps;
    taps.came = test::on_coming<protocol::ConnectRequest>(on_arrival(OnArrival::Act::ignore));
    test::World world({}, &taps);
    auto& a = world.login("a");
    a.publish("$resource/data_in", "5", 7);
    world.pass(1h);
    a.expect_nothing();
    CHECK(world.findings().empty());
    CHECK(world.events().empty());
}

TEST_CASE("after an ignored DISCONNECT the connection goes on, and the Will stays") {
    test::ScriptedTaps taps;
    taps.came = test::on_coming<protocol::DisconnectRequest>(on_arrival(OnArrival::Act::ignore));
    test::World world({}, &taps);
    test::ConnectParts parts;
    parts.flags = 0x06;
    parts.rest = test::str("$resource/data_in") + test::str("gone");
    auto& a = world.login("a", parts);
    a.expect_connack();
    a.disconnect();
    a.send(test::pingreq);
    a.expect_pingresp();
    a.vanish();
    CHECK(world.reported("a", "data_in") == "gone");
}

TEST_CASE("a CONNECT is refused with a code: nothing comes of it") {
    test::ScriptedTaps taps;
    test::World world({}, &taps);
    auto& older = world.connect("a");
    auto refusal = on_arrival(OnArrival::Act::refuse);
    refusal.connack = 3;
    taps.came = test::on_coming<protocol::ConnectRequest>(refusal);
    world.events();
    auto& a = world.login("a");
    a.expect_bytes("20 02 00 03");
    a.expect_closed(CloseReason::fault);
    CHECK(world.events().empty());
    older.send(test::pingreq);
    older.expect_pingresp();
}

TEST_CASE("[MQTT-3.1.4-5] a refusal may come late and stay open: what comes is not handled, and no timeout closes") {
    test::ScriptedTaps taps;
    test::World world({}, &taps);
    auto refusal = on_arrival(OnArrival::Act::refuse);
    refusal.connack = 5;
    refusal.delay = 100ms;
    refusal.stay = 20s;  // more than the time that a CONNECT is waited for
    taps.came = test::on_coming<protocol::ConnectRequest>(refusal);
    auto& a = world.login("a");
    a.publish("$resource/data_in", "early", 7);
    a.expect_nothing();
    world.pass(100ms);
    a.expect_bytes("20 02 00 05");
    a.publish("$resource/data_in", "late", 8);
    a.send(test::pingreq);
    world.pass(19s);
    a.send(test::from_hex("36 03 00 01 74"));  // QoS 3: no finding comes of it either
    a.expect_nothing();
    world.pass(1s);
    a.expect_closed(CloseReason::fault);
    CHECK_FALSE(world.reported("a", "data_in"));
    CHECK(world.findings().empty());
    CHECK(world.events().empty());
}

TEST_CASE("who was refused may go before the refusal closes") {
    test::ScriptedTaps taps;
    test::World world({}, &taps);
    auto refusal = on_arrival(OnArrival::Act::refuse);
    refusal.connack = 5;
    refusal.stay = 1s;
    taps.came = test::on_coming<protocol::ConnectRequest>(refusal);
    auto& a = world.login("a");
    a.expect_bytes("20 02 00 05");
    a.disconnect();
    a.vanish();
    world.pass(2s);
    CHECK(world.events().empty());
}

TEST_CASE("the connection ends before a packet is handled, or behind") {
    Tapped t;
    SUBCASE("before") {
        t.taps.came = test::on_coming<protocol::PublishRequest>(on_arrival(OnArrival::Act::close_before));
        t.a.publish("$resource/data_in", "5", 7);
        t.a.expect_closed(CloseReason::fault);
        CHECK_FALSE(t.world.reported("a", "data_in"));
    }
    SUBCASE("behind: stored, not acknowledged") {
        t.taps.came = test::on_coming<protocol::PublishRequest>(on_arrival(OnArrival::Act::close_after));
        t.a.publish("$resource/data_in", "5", 7);
        t.a.expect_closed(CloseReason::fault);
        CHECK(t.world.reported("a", "data_in") == "5");
        CHECK(t.world.events().ends_with("disconnect"));
    }
    SUBCASE("what came with it is not handled") {
        t.taps.came = test::on_coming<protocol::PingRequest>(on_arrival(OnArrival::Act::close_before));
        t.a.send(test::pingreq + test::publish_packet("$resource/data_in", "5"));
        t.a.expect_closed(CloseReason::fault);
        CHECK_FALSE(t.world.reported("a", "data_in"));
    }
    SUBCASE("a Will fires") {
        test::ConnectParts parts;
        parts.client_id = "with a Will";
        parts.flags = 0x06;
        parts.rest = test::str("$resource/data_in") + test::str("gone");
        auto& b = t.world.login("b", parts);
        b.expect_connack();
        t.taps.came = test::on_coming<protocol::PingRequest>(on_arrival(OnArrival::Act::close_before));
        b.send(test::pingreq);
        b.expect_closed(CloseReason::fault);
        CHECK(t.world.reported("b", "data_in") == "gone");
    }
}

TEST_CASE("bytes are sent before a packet is handled and behind its answers") {
    Tapped t;
    auto made = on_arrival(OnArrival::Act::pass);
    made.before = test::from_hex("f0 00");
    made.after = test::from_hex("f1 00");
    t.taps.came = test::on_coming<protocol::PingRequest>(made);
    t.a.send(test::pingreq);
    t.a.expect_bytes("f0 00");
    t.a.expect_pingresp();
    t.a.expect_bytes("f1 00");
}

TEST_CASE("a packet that breaks the protocol is no tap's business") {
    Tapped t;
    t.taps.came = [](const protocol::Action&) {
        FAIL("asked");
        return OnArrival{};
    };
    t.a.send(test::from_hex("36 03 00 01 74"));  // QoS 3
    t.a.expect_closed(CloseReason::violation);
}
