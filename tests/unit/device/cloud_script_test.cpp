// What the cloud does to devices: values, messages, locks, revocation, removal.

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;

TEST_CASE("[R41, R43] a value goes to each connection at once, with the time of the set") {
    test::World world;
    auto& a = world.connect("a");
    test::ConnectParts parts;
    parts.client_id = "second";
    auto& second = world.login("a", parts);
    second.expect_connack();
    CHECK_FALSE(world.set("a", "config_io", "on"));
    CHECK(a.expect_value("config_io", "on") == "1700000000000000");
    second.expect_value("config_io", "on");
    CHECK_FALSE(world.set("a", "config_io", "on"));  // also when it equals the old one
    a.expect_value("config_io", "on");
}

TEST_CASE("[R42] a value that is not acknowledged comes again on each connect, until it is reported") {
    test::World world;
    world.token("a");
    CHECK_FALSE(world.set("a", "config_io", "first"));
    world.pass(1s);
    CHECK_FALSE(world.set("a", "config_io", "second"));
    for (int time = 0; time < 2; ++time) {
        auto& a = world.login("a");
        a.expect_connack();
        CHECK(a.expect_value("config_io", "second") == "1700000001000000");
        a.expect_nothing();
    }
    auto& a = world.login("a");
    a.expect_connack();
    a.expect_value("config_io", "second");
    a.publish("$resource/config_io", "second", 7);
    a.expect_puback(7);
    a.disconnect();
    auto& again = world.login("a");
    again.expect_connack();
    again.expect_nothing();
}

TEST_CASE("[R42] sync false: only connections that are open at the set get it") {
    test::World world;
    world.change_settings([](auto& settings) { settings.resources["config_io"].sync = false; });
    auto& a = world.connect("a");
    CHECK_FALSE(world.set("a", "config_io", "now"));
    a.expect_value("config_io", "now");
    a.disconnect();
    auto& again = world.connect("a");
    again.expect_nothing();
}

TEST_CASE("[R44] a device's own report is not echoed") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/config_io", "x", 7);
    a.expect_puback(7);
    a.expect_nothing();
}

TEST_CASE("what may not be set is refused, and nothing is sent") {
    test::World world;
    auto& a = world.connect("a");
    const auto failure = world.set("a", "data_in", "x");
    REQUIRE(failure);
    CHECK((failure->kind == device::ErrorKind::not_settable));
    a.expect_nothing();
}

TEST_CASE("[R45a] the cloud publishes to a device's topics") {
    test::World world;
    auto& a = world.connect("a");
    a.subscribe(1, {"t/#"});
    a.expect_suback(1, {0});
    CHECK_FALSE(world.control().publish(test::default_connector, "a", "t/1", "hello"));
    a.expect_publish("t/1", "hello");
    CHECK(world.control().publish(test::default_connector, "a", "t/+", "hello"));
}

TEST_CASE("[R45b] a device that does not read loses copies, with one finding per episode") {
    test::World world([](test::Ground& ground) { ground.options.max_outbox_bytes = 1000; });
    auto& a = world.connect("a");
    auto& b = world.connect("b");
    a.reading = false;
    const std::string large(600, 'x');
    for (int time = 0; time < 4; ++time) CHECK_FALSE(world.set("a", "config_io", large));
    CHECK(world.findings() == "R45b.not_reading");
    CHECK_FALSE(world.set("b", "config_io", "on"));
    b.expect_value("config_io", "on");
    a.reading = true;
    a.expect_value("config_io", large);
    a.expect_nothing();
    CHECK_FALSE(world.set("a", "config_io", "small"));
    a.expect_value("config_io", "small");
}

TEST_CASE("[R63] a lock closes the connections, after their Wills; an unlock lets in again") {
    test::World world;
    test::ConnectParts parts;
    parts.flags = 0x06;
    parts.rest = test::str("$resource/data_in") + test::str("gone");
    auto& a = world.login("a", parts);
    a.expect_connack();
    device::IdentityChange change;
    change.locked = true;
    world.patch("a", change);
    a.expect_closed(CloseReason::locked);
    CHECK(world.reported("a", "data_in") == "gone");
    change.locked = false;
    world.patch("a", change);
    world.connect("a");
}

TEST_CASE("[R63] revocation closes, forgets the credential, and lets the device provision anew") {
    test::World world;
    auto& a = world.connect("a");
    device::IdentityChange change;
    change.auth_expire_us = 0;
    world.patch("a", change);
    a.expect_closed(CloseReason::revoked);
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "", 7);
    anonymous.expect_puback(7);
    CHECK(anonymous.expect_publish("$provision/a").size() == 40);
}

TEST_CASE("[R63] deletion closes without the Will, and a new identity of that name begins anew") {
    test::World world;
    test::ConnectParts parts;
    parts.flags = 0x06;
    parts.rest = test::str("$resource/data_in") + test::str("gone");
    auto& a = world.login("a", parts);
    a.expect_connack();
    a.publish("$resource/data_out", "x", 7);
    a.expect_puback(7);
    world.events();
    CHECK_FALSE(world.control().delete_identity(test::default_connector, "a"));
    a.expect_closed(CloseReason::deleted);
    CHECK(world.events() == "disconnect deleted");
    world.connect("a");
    CHECK_FALSE(world.reported("a", "data_in"));
    CHECK_FALSE(world.reported("a", "data_out"));
}

TEST_CASE("a connection is closed through the control API; its Will fires") {
    test::World world;
    test::ConnectParts parts;
    parts.flags = 0x06;
    parts.rest = test::str("$resource/data_in") + test::str("gone");
    auto& a = world.login("a", parts);
    a.expect_connack();
    CHECK(world.control().close_connection(a.link().facts.connection_id));
    a.expect_closed(CloseReason::control);
    CHECK(world.reported("a", "data_in") == "gone");
}

TEST_CASE("what is committed survives a crash, and what is not does not") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/data_in", "kept", 7);
    a.expect_puback(7);
    world.hold_commits();
    a.publish("$resource/data_in", "lost", 8);
    a.expect_nothing();
    world.restart();
    world.commit();
    CHECK(world.reported("a", "data_in") == "kept");
}
