// SUBSCRIBE and UNSUBSCRIBE, and what a stored session keeps of them.

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;

namespace {

test::ConnectParts kept(std::string client_id = "c") {
    test::ConnectParts parts;
    parts.flags = 0;  // Clean Session 0
    parts.client_id = std::move(client_id);
    return parts;
}

// With a session that holds t/#, and gone.
void leave_session(test::World& world, const std::string& client_id) {
    auto& a = world.login("a", kept(client_id));
    a.expect_connack();
    a.subscribe(1, {"t/#"});
    a.expect_suback(1, {0});
    a.disconnect();
}

}  // namespace

TEST_CASE("[R32, R34] each filter is judged by itself, and the connection stays") {
    test::World world;
    auto& a = world.connect("a");
    a.subscribe(3, {"$resource/#", "$content", "$provision/a", "$provision/b", "$SYS/#", "t/+"});
    a.expect_suback(3, {0, 0, 0, 0x80, 0x80, 0});
    CHECK(world.findings() == "R34.other_device R34.unknown_filter");
    a.expect_nothing();
}

TEST_CASE("[R33] a higher QoS is granted as 0, with one note") {
    test::World world;
    auto& a = world.connect("a");
    a.send(test::subscribe_packet(3, {{"t/1", 1}, {"t/2", 2}}));
    a.expect_suback(3, {0, 0});
    CHECK(world.findings() == "R33.higher_qos");
}

TEST_CASE("[R47] an anonymous client may subscribe to one $provision/<id>") {
    test::World world;
    auto& anonymous = world.connect_anonymously();
    anonymous.subscribe(1, {"$provision/x", "$provision/y", "t/1"});
    anonymous.expect_suback(1, {0, 0x80, 0x80});
}

TEST_CASE("[R36] UNSUBSCRIBE is answered; an arbitrary topic stops, resource updates do not") {
    test::World world;
    auto& a = world.connect("a");
    a.subscribe(1, {"t/1"});
    a.expect_suback(1, {0});
    a.unsubscribe(2, {"t/1", "$resource/#"});
    a.expect_unsuback(2);
    a.publish("t/1", "x");
    a.expect_nothing();
    CHECK_FALSE(world.set("a", "config_io", "on"));
    a.expect_value("config_io", "on");
}

TEST_CASE("[R35] limits of subscriptions, of length and of levels refuse with 0x80") {
    test::World world([](test::Ground& ground) {
        ground.options.max_subscriptions = 2;
        ground.options.max_filter_bytes = 10;
        ground.options.max_filter_levels = 3;
    });
    auto& a = world.connect("a");
    a.subscribe(1, {"a/b/c/d", "0123456789a", "one", "two", "three", "one"});
    a.expect_suback(1, {0x80, 0x80, 0, 0, 0x80, 0});
    CHECK(world.findings() == "R35.filter_too_deep R35.filter_too_long R35.too_many_subscriptions");
}

TEST_CASE("[R19] Clean Session 0 resumes the session and its filters") {
    test::World world;
    leave_session(world, "c");
    auto& again = world.login("a", kept());
    again.expect_connack(0, true);
    again.publish("t/1", "x");
    again.expect_publish("t/1", "x");
}

TEST_CASE("[R17] Clean Session 1 erases the session of this ClientID") {
    test::World world;
    leave_session(world, "a");
    world.connect("a").disconnect();
    world.login("a", kept("a")).expect_connack(0, false);
}

TEST_CASE("[R18, R18a] Clean Session 1 erases another ClientID's session when it is older than 24 h") {
    test::World world;
    leave_session(world, "other");
    SUBCASE("exactly 24 h is not older") {
        world.pass(24h);
        world.connect("a").disconnect();
        world.login("a", kept("other")).expect_connack(0, true);
    }
    SUBCASE("a second more is") {
        world.pass(24h + 1s);
        world.connect("a").disconnect();
        world.login("a", kept("other")).expect_connack(0, false);
    }
}

TEST_CASE("[R20] Clean Session 0 erases the session of another ClientID, whatever its age") {
    test::World world;
    leave_session(world, "other");
    auto& a = world.login("a", kept());
    a.expect_connack();
    a.disconnect();
    world.login("a", kept("other")).expect_connack(0, false);
}

TEST_CASE("[R18a, R21] sessions survive a crash, and belong to their device") {
    test::World world;
    leave_session(world, "same");
    world.restart();
    world.login("b", kept("same")).expect_connack(0, false);
    auto& again = world.login("a", kept("same"));
    again.expect_connack(0, true);
    again.publish("t/1", "x");
    again.expect_publish("t/1", "x");
}
