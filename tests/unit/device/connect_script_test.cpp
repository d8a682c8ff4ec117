// CONNECT: who gets in, what displaces whom, what happens to Wills.

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;

namespace {

test::ConnectParts with_will(std::string_view topic, std::string_view payload, unsigned flags = 0x06) {
    test::ConnectParts parts;
    parts.flags = flags;
    parts.rest = test::str(topic) + test::str(payload);
    return parts;
}

test::Device& login_with(test::World& world, std::string_view username, std::string_view password) {
    auto& device = world.open();
    test::ConnectParts parts;
    parts.client_id = "";
    parts.flags = 0xC2;
    parts.rest = test::str(username) + test::str(password);
    device.send(test::connect_packet(parts));
    return device;
}

}  // namespace

TEST_CASE("[R10, R11] a token logs in, with the Username empty or the device's own") {
    test::World world;
    login_with(world, "", world.token("a")).expect_connack();
    login_with(world, "a", world.token("a")).expect_connack();
    CHECK(world.events() == "connect connect");
}

TEST_CASE("[R12] an unknown token, or another device's name, is refused with 4") {
    test::World world;
    world.token("b");
    auto& unknown = login_with(world, "", "0123456789012345678901234567890123456789");
    unknown.expect_connack(4);
    unknown.expect_closed(CloseReason::refused);
    auto& other = login_with(world, "b", world.token("a"));
    other.expect_connack(4);
    other.expect_closed(CloseReason::refused);
    CHECK(world.findings() == "R12.unknown_token R12.other_device");
    CHECK(world.events().empty());
}

TEST_CASE("[R12] a locked device is refused with 5") {
    test::World world;
    world.token("a");
    device::IdentityChange lock;
    lock.locked = true;
    world.patch("a", lock);
    auto& a = world.login("a");
    a.expect_connack(5);
    a.expect_closed(CloseReason::refused);
}

TEST_CASE("[R15] a client without a credential is anonymous, and its Will is dropped") {
    test::World world;
    auto& anonymous = world.open();
    anonymous.send(test::connect_packet(with_will("t/1", "gone")));
    anonymous.expect_connack();
    CHECK(anonymous.link().anonymous());
    CHECK(world.findings() == "R15.anonymous_will");
    anonymous.vanish();
    CHECK(world.events() == "connect disconnect");
}

TEST_CASE("[R22] the same ClientID of the same device displaces the older connection, whose Will fires") {
    test::World world;
    auto& older = world.login("a", with_will("$resource/data_in", "gone"));
    older.expect_connack();
    world.connect("a");
    older.expect_closed(CloseReason::taken_over);
    CHECK(world.reported("a", "data_in") == "gone");
}

TEST_CASE("[R22] another ClientID lives beside it") {
    test::World world;
    auto& first = world.connect("a");
    test::ConnectParts parts;
    parts.client_id = "another";
    auto& second = world.login("a", parts);
    second.expect_connack();
    first.send(test::pingreq);
    first.expect_pingresp();
}

TEST_CASE("[R22] more than three takeovers in ten seconds are one finding") {
    test::World world;
    for (int time = 0; time < 6; ++time) world.connect("a");
    CHECK(world.findings() == "R22.takeover_fight");
}

TEST_CASE("[R7] a Will fires when the network takes the connection, and not after DISCONNECT") {
    test::World world;
    auto& a = world.login("a", with_will("$resource/data_in", "gone"));
    a.expect_connack();
    a.disconnect();
    a.expect_closed(CloseReason::device_disconnect);
    CHECK_FALSE(world.reported("a", "data_in"));
    auto& again = world.login("a", with_will("$resource/data_in", "gone"));
    again.expect_connack();
    again.vanish();
    CHECK(world.reported("a", "data_in") == "gone");
}

TEST_CASE("[R8, R9] Will QoS and Will Retain are noted and change nothing") {
    test::World world;
    auto& a = world.login("a", with_will("$resource/data_in", "gone", 0x2E));
    a.expect_connack();
    CHECK(world.findings() == "R8.will_qos R9.will_retain");
    a.vanish();
    CHECK(world.reported("a", "data_in") == "gone");
}

TEST_CASE("[R7] the quirk will: ignore drops the Will, and says so") {
    test::World world;
    world.change_settings([](auto& settings) { settings.quirks.will = config::Quirks::Will::ignore; });
    auto& a = world.login("a", with_will("$resource/data_in", "gone"));
    a.expect_connack();
    a.vanish();
    CHECK_FALSE(world.reported("a", "data_in"));
    CHECK(world.findings() == "R7.will_ignored");
}

TEST_CASE("[R4] another protocol level gets CONNACK 1") {
    test::World world;
    auto& a = world.open();
    test::ConnectParts parts;
    parts.level = 5;
    a.send(test::connect_packet(parts));
    a.expect_connack(1);
    a.expect_closed(CloseReason::violation);
    CHECK(world.findings() == "MQTT-3.1.2-2.mqtt_5");
}

TEST_CASE("[MQTT-3.1.0-1] who says nothing for too long is closed") {
    test::World world;
    auto& silent = world.open();
    world.pass(9'999ms);
    silent.expect_nothing();
    world.pass(1ms);
    silent.expect_closed(CloseReason::connect_timeout);
}

TEST_CASE("[MQTT-3.1.2-24] silence of one and a half Keep Alives ends the connection") {
    test::World world;
    auto& a = world.connect("a");  // 60 s
    world.pass(89'999ms);
    a.expect_nothing();
    world.pass(1ms);
    a.expect_closed(CloseReason::keep_alive);
    CHECK(world.findings() == "MQTT-3.1.2-24.silent_too_long");
}

TEST_CASE("[R1] a plain connection needs protocol.devmode") {
    test::World world;
    auto facts = test::peer_facts(world.ground, test::default_connector);
    facts.tls = false;
    SUBCASE("without it: 5") {
        auto& a = world.open(facts);
        a.send(test::connect_packet());
        a.expect_connack(5);
        CHECK(world.findings() == "R1.plain_without_devmode");
    }
    SUBCASE("with it") {
        world.token("a");
        world.change_settings([](auto& settings) { settings.protocol.devmode = true; });
        auto& a = world.open(facts);
        a.send(test::connect_packet());
        a.expect_connack();
    }
}
