// How devices get their credentials, and how credentials stay secret.

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;

TEST_CASE("[R48, R50, R52] an anonymous client provisions a token, and logs in with it") {
    test::World world;
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "", 7);
    anonymous.expect_puback(7);
    const auto token = anonymous.expect_publish("$provision/a");
    CHECK(token.size() == 40);
    CHECK(anonymous.link().anonymous());
    CHECK(world.token("a") == token);
    world.connect("a");
    CHECK(world.events() == "connect provisioned connect");
}

TEST_CASE("[R50] the token leaves when it is kept, and not before") {
    test::World world;
    auto& anonymous = world.connect_anonymously();
    world.hold_commits();
    anonymous.publish("$provision/a", "");
    anonymous.expect_nothing();
    world.commit();
    CHECK(anonymous.expect_publish("$provision/a").size() == 40);
}

TEST_CASE("[R53, R54] a provisioned identity keeps its credential; the request is acknowledged, and no reply comes") {
    test::World world;
    const auto token = world.token("a");
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "", 7);
    anonymous.expect_puback(7);
    anonymous.expect_nothing();
    CHECK(world.token("a") == token);
    CHECK(world.findings() == "R54.already_provisioned");
}

TEST_CASE("[R53] the quirk provision_refusal: disconnect closes instead") {
    test::World world;
    world.change_settings([](auto& settings) {
        settings.provisioning.enabled = false;
        settings.quirks.provision_refusal = config::Quirks::ProvisionRefusal::disconnect;
    });
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "", 7);
    anonymous.expect_closed(CloseReason::rule);
}

TEST_CASE("[R49] an id that does not fit the format is refused") {
    test::World world;
    world.change_settings([](auto& settings) {
        settings.identity_format.type = config::IdentityType::base10;
        settings.identity_format.length = 4;
    });
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/12x4", "", 7);
    anonymous.expect_puback(7);
    anonymous.expect_nothing();
    anonymous.publish("$provision/1234", "");
    CHECK(anonymous.expect_publish("$provision/1234").size() == 40);
}

TEST_CASE("[R51] a password is taken, and answered only by quirk") {
    test::World world;
    world.change_settings([](auto& settings) { settings.provisioning.auth_type = config::AuthType::password; });
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "0123456789-0123456789", 7);
    anonymous.expect_puback(7);
    anonymous.expect_nothing();
    world.change_settings(
        [](auto& settings) { settings.quirks.password_reply = config::Quirks::PasswordReply::empty; });
    anonymous.publish("$provision/b", "0123456789-0123456789");
    CHECK(anonymous.expect_publish("$provision/b").empty());
}

TEST_CASE("[R55] a whitelisted identity that did not provision in time expires") {
    test::World world;
    device::IdentityChange change;
    change.auth_expire_us = world.ground.real.us + 10'000'000;
    REQUIRE_FALSE(world.control().put_identity(test::default_connector, "a", change));
    world.pass(9s);
    CHECK(world.events().empty());
    world.pass(2s);
    CHECK(world.events() == "expired");
    auto& anonymous = world.connect_anonymously();
    anonymous.publish("$provision/a", "", 7);
    anonymous.expect_puback(7);
    anonymous.expect_nothing();
}

TEST_CASE("[D20] a refused password is in no event, also where packets are journalled") {
    test::World world;
    world.change_settings([](auto& settings) { settings.journal_packets = true; });
    auto& a = world.open();
    test::ConnectParts parts;
    parts.flags = 0xC2;
    parts.rest = test::str("a") + test::str("a-secret-of-some-length");
    a.send(test::connect_packet(parts));
    a.expect_connack(4);
    CHECK(world.events() == "packet packet");
    CHECK_FALSE(world.journal_holds("a-secret-of-some-length"));
}

TEST_CASE("[D20] a device that publishes its own credential is told so, once") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("t/1", "my token is " + world.token("a"));
    a.publish("t/1", "my token is " + world.token("a"));
    CHECK(world.findings() == "R12.publishes_credential");
}

TEST_CASE("[D20] a credential as Username is masked in what is kept of the connection") {
    test::World world;
    const auto token = world.token("a");
    world.change_settings([](auto& settings) { settings.journal_packets = true; });
    auto& a = world.open();
    test::ConnectParts parts;
    parts.flags = 0xC2;
    parts.client_id = token;
    parts.rest = test::str("") + test::str(token);
    a.send(test::connect_packet(parts));
    a.expect_connack();
    CHECK(world.events() == "packet connect packet");
    CHECK_FALSE(world.journal_holds(token));
}

TEST_CASE("packets of both directions are journalled where the connector wants them") {
    test::World world;
    world.change_settings([](auto& settings) { settings.journal_packets = true; });
    auto& a = world.connect("a");
    world.events();
    a.send(test::pingreq);
    a.expect_pingresp();
    CHECK(world.events() == "packet packet");
}
