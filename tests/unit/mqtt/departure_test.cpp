// What a tap may do to packets that leave.

#include "tests/support/world/world.h"
#include "tests/unit/mqtt/scripted_tap.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;
using mqtt::OnDeparture;
namespace outgoing = device::outgoing;

namespace {

struct Tapped {
    test::ScriptedTaps taps;
    test::World world{{}, &taps};
    test::Device& a = world.connect("a");
};

OnDeparture delayed(std::chrono::milliseconds delay, bool overtake = false) {
    OnDeparture verdict;
    verdict.delay = delay;
    verdict.overtake = overtake;
    verdict.held_by = 1;
    return verdict;
}

}  // namespace

TEST_CASE("a withheld PUBACK never leaves, and what it confirms is kept") {
    Tapped t;
    OnDeparture verdict;
    verdict.withheld = true;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
    t.a.publish("$resource/data_in", "5", 7);
    t.a.expect_nothing();
    CHECK(t.world.reported("a", "data_in") == "5");
    t.a.send(test::pingreq);
    t.a.expect_pingresp();
}

TEST_CASE("the tap sees which PUBLISH a PUBACK answers") {
    Tapped t;
    std::string topic;
    t.taps.leaves = [&](const device::Outgoing& packet) {
        if (const auto* puback = std::get_if<outgoing::Puback>(&packet)) topic = puback->topic;
        return OnDeparture{};
    };
    t.a.publish("$resource/data_in", "5", 7);
    CHECK(topic == "$resource/data_in");
}

TEST_CASE("behind a withheld CONNACK nothing leaves, and no timeout closes") {
    test::ScriptedTaps taps;
    OnDeparture verdict;
    verdict.withheld = true;
    taps.leaves = test::on_leaving<outgoing::Connack>(verdict);
    test::World world({}, &taps);
    auto& a = world.login("a");
    a.send(test::pingreq);
    world.pass(1h);
    a.expect_nothing();
}

TEST_CASE("a delayed packet leaves at its time, those behind it wait") {
    Tapped t;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(500ms));
    t.a.publish("$resource/data_in", "5", 7);
    t.a.send(test::pingreq);
    t.world.pass(499ms);
    t.a.expect_nothing();
    t.world.pass(1ms);
    t.a.expect_puback(7);
    t.a.expect_pingresp();
}

TEST_CASE("a delayed packet may be overtaken where the fault says so") {
    Tapped t;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(500ms, true));
    t.a.publish("$resource/data_in", "5", 7);
    t.a.send(test::pingreq);
    t.a.expect_pingresp();
    t.world.pass(500ms);
    t.a.expect_puback(7);
}

TEST_CASE("[R25a] a delayed PUBACK does not leave before its commit") {
    Tapped t;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(10ms));
    t.world.hold_commits();
    t.a.publish("$resource/data_in", "5", 7);
    t.world.pass(1s);
    t.a.expect_nothing();
    t.world.commit();
    t.a.expect_puback(7);
}

TEST_CASE("a failed commit drops what was held for it") {
    Tapped t;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(10ms));
    t.world.hold_commits();
    t.a.publish("$resource/data_in", "5", 7);
    t.world.fail_commit();
    t.a.expect_closed(CloseReason::commit_failed);
    CHECK_FALSE(t.world.reported("a", "data_in"));
}

TEST_CASE("what a fault held leaves at once when the fault goes") {
    Tapped t;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(1h));
    t.a.publish("$resource/data_in", "5", 7);
    t.world.taps_changed();
    t.a.expect_nothing();
    t.taps.armed = false;
    t.world.taps_changed();
    t.a.expect_puback(7);
    t.a.send(test::pingreq);
    t.a.expect_pingresp();
}

TEST_CASE("copies leave right behind, before what comes later") {
    Tapped t;
    OnDeparture verdict;
    verdict.copies = 2;
    t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
    t.a.publish("$resource/data_in", "5", 7);
    t.a.send(test::pingreq);
    for (int copy = 0; copy < 3; ++copy) t.a.expect_puback(7);
    t.a.expect_pingresp();
}

TEST_CASE("other bytes leave instead, and others beside") {
    Tapped t;
    OnDeparture verdict;
    verdict.before = test::from_hex("f0 00");
    verdict.instead = test::from_hex("40 02 80 07");
    verdict.after = test::from_hex("f1 00");
    t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
    t.a.publish("$resource/data_in", "5", 7);
    t.a.expect_bytes("f0 00");
    t.a.expect_bytes("40 02 80 07");
    t.a.expect_bytes("f1 00");
    t.a.expect_nothing();
}

TEST_CASE("packets that are gathered leave together, and the tap is told of those that join") {
    Tapped t;
    OnDeparture verdict;
    verdict.gathers = 2;
    verdict.gathers_for = 1s;
    verdict.held_by = 1;
    t.taps.leaves = [&](const device::Outgoing&) { return t.taps.gathered ? OnDeparture{} : verdict; };
    t.a.publish("$resource/data_in", "1", 1);
    t.a.send(test::pingreq);
    t.a.expect_nothing();
    CHECK(t.taps.gathered);
    t.a.publish("$resource/data_in", "2", 2);
    t.a.expect_puback(1);
    t.a.expect_pingresp();
    t.a.expect_puback(2);
    t.a.send(test::pingreq);  // begins anew
    CHECK_FALSE(t.taps.gathered);
    t.a.expect_nothing();
    t.world.pass(1s);
    t.a.expect_pingresp();
}

TEST_CASE("a reordered PUBLISH leaves after the next one; other packets pass it") {
    Tapped t;
    t.a.subscribe(1, {"t/#"});
    t.a.expect_suback(1, {0});
    t.taps.leaves = [first = true](const device::Outgoing& packet) mutable {
        OnDeparture verdict;
        if (!std::holds_alternative<outgoing::Publish>(packet) || !std::exchange(first, false)) return verdict;
        verdict.behind = 1;
        verdict.delay = 1s;
        return verdict;
    };
    t.a.publish("t/1", "first");
    t.a.send(test::pingreq);
    t.a.expect_pingresp();
    t.a.publish("t/1", "second");
    t.a.expect_publish("t/1", "second");
    t.a.expect_publish("t/1", "first");
}

TEST_CASE("the connection ends before a packet, or behind it") {
    SUBCASE("before") {
        Tapped t;
        OnDeparture verdict;
        verdict.close_before = mqtt::Ending::fin;
        t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
        t.a.publish("$resource/data_in", "5", 7);
        t.world.pass(0ms);
        t.a.expect_closed(mqtt::Ending::fin);
        CHECK(t.world.reported("a", "data_in") == "5");
    }
    SUBCASE("behind") {
        Tapped t;
        OnDeparture verdict;
        verdict.close_after = mqtt::Ending::reset;
        t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
        t.a.publish("$resource/data_in", "5", 7);
        t.a.expect_puback(7);
        t.a.expect_closed(mqtt::Ending::reset);
    }
    SUBCASE("behind a delivery that the cloud made, with the session in the middle of nothing") {
        Tapped t;
        OnDeparture verdict;
        verdict.close_after = mqtt::Ending::fin;
        t.taps.leaves = test::on_leaving<outgoing::Publish>(verdict);
        CHECK_FALSE(t.world.set("a", "config_io", "x"));
        t.world.pass(0ms);
        t.a.expect_value("config_io", "x");
        t.a.expect_closed(CloseReason::fault);
    }
    SUBCASE("half: what comes is handled, nothing leaves") {
        Tapped t;
        OnDeparture verdict;
        verdict.close_after = mqtt::Ending::half;
        t.taps.leaves = test::on_leaving<outgoing::Puback>(verdict);
        t.a.publish("$resource/data_in", "5", 7);
        t.a.expect_puback(7);
        t.a.publish("$resource/data_in", "6", 8);
        t.a.expect_closed(mqtt::Ending::half);
        CHECK_FALSE(t.a.closed());
        CHECK(t.world.reported("a", "data_in") == "6");
    }
}

TEST_CASE("an ending waits for what is late before it") {
    Tapped t;
    t.taps.leaves = [](const device::Outgoing& packet) {
        auto verdict = delayed(100ms);
        if (std::holds_alternative<outgoing::Pingresp>(packet)) verdict = {}, verdict.close_after = mqtt::Ending::fin;
        return verdict;
    };
    t.a.publish("$resource/data_in", "5", 7);
    t.a.send(test::pingreq);
    t.a.expect_nothing();
    t.world.pass(100ms);
    t.world.pass(0ms);
    t.a.expect_puback(7);
    t.a.expect_pingresp();
    t.a.expect_closed(mqtt::Ending::fin);
}

TEST_CASE("who is refused reads the delayed CONNACK before the end") {
    test::ScriptedTaps taps;
    taps.leaves = test::on_leaving<outgoing::Connack>(delayed(50ms));
    test::World world({}, &taps);
    auto& a = world.open();
    test::ConnectParts parts;
    parts.flags = 0xC2;
    parts.rest = test::str("nobody") + test::str("wrong");
    a.send(test::connect_packet(parts));
    a.expect_nothing();
    world.pass(50ms);
    a.expect_bytes("20 02 00 04");
    a.expect_closed(CloseReason::refused);
}

TEST_CASE("[R45b] what is held counts as waiting") {
    test::ScriptedTaps taps;
    test::World world([](test::Ground& ground) { ground.options.max_outbox_bytes = 500; }, &taps);
    auto& a = world.connect("a");
    taps.leaves = test::on_leaving<outgoing::Publish>(delayed(1s));
    const std::string large(400, 'x');
    CHECK_FALSE(world.set("a", "config_io", large));
    CHECK_FALSE(world.set("a", "config_io", large));
    CHECK(world.findings() == "R45b.not_reading");
    world.pass(1s);
    a.expect_value("config_io", large);
    a.expect_nothing();
}

TEST_CASE("bytes at once: to an open connection, and behind a CONNACK") {
    test::ScriptedTaps taps;
    test::World world({}, &taps);
    taps.at_once.bytes = test::from_hex("f0 00");
    auto& a = world.login("a");
    a.expect_connack();
    a.expect_bytes("f0 00");
    taps.at_once.bytes = test::from_hex("f1 00");
    world.taps_changed();
    a.expect_bytes("f1 00");
    taps.at_once.ending = mqtt::Ending::reset;
    world.taps_changed();
    a.expect_closed(mqtt::Ending::reset);
}

TEST_CASE("packets that leave are counted and told when they leave") {
    Tapped t;
    t.world.change_settings([](auto& settings) { settings.journal_packets = true; });
    auto& b = t.world.connect("b");
    t.taps.leaves = test::on_leaving<outgoing::Puback>(delayed(100ms));
    b.publish("$resource/data_in", "5", 7);
    t.world.events();
    const auto before = b.traffic().packets_out;
    t.world.pass(100ms);
    CHECK(b.traffic().packets_out == before + 1);
    CHECK(t.world.events() == "packet");
    b.expect_puback(7);
}

TEST_CASE("without a tap the source is asked, and nothing else happens") {
    test::ScriptedTaps taps;
    taps.armed = false;
    test::World world({}, &taps);
    auto& a = world.connect("a");
    CHECK(taps.asked == 2);  // as a stranger, and when it is known
    taps.leaves = [](const device::Outgoing&) {
        FAIL("nobody asked for it");
        return OnDeparture{};
    };
    a.publish("$resource/data_in", "5", 7);
    a.expect_puback(7);
}
