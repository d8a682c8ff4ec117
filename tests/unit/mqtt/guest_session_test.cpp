#include "server/mqtt/guest_session.h"

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

namespace {

device::GuestLogin login_of(test::World& world, const test::Device& device) {
    return {.facts = device.link().facts,
            .client_id = device.link().client_id,
            .clean_session = device.link().clean_session,
            .username = "",
            .password = world.token(device.identity)};
}

}  // namespace

TEST_CASE("[R22] a guest with the ClientID of a device takes its connection over, and the device takes it back") {
    test::World world;
    auto& device = world.connect("a");
    const auto login = login_of(world, device);
    const auto guest = mqtt::invite(login, world.sessions());
    CHECK(guest->connected());
    device.expect_closed(device::CloseReason::taken_over);
    CHECK(world.events() == "connect disconnect connect");
    auto& again = world.connect("a");
    CHECK_FALSE(guest->connected());
    again.expect_nothing();
}

TEST_CASE("a guest that goes leaves with DISCONNECT, and the session that it kept is the device's") {
    test::World world;
    auto& device = world.login("a", {.flags = 0});
    device.expect_connack();
    device.subscribe(1, {"any/topic"});
    device.expect_suback(1, {0});
    auto login = login_of(world, device);
    CHECK_FALSE(login.clean_session);
    mqtt::invite(login, world.sessions());
    device.expect_closed(device::CloseReason::taken_over);
    CHECK(world.events().ends_with("connect disconnect"));
    auto& again = world.login("a", {.flags = 0});
    again.expect_connack(0, true);
}

TEST_CASE("a guest with a wrong credential is not let in, and the device stays") {
    test::World world;
    auto& device = world.connect("a");
    auto login = login_of(world, device);
    login.password = "no such token, and longer than twenty characters";
    CHECK_FALSE(mqtt::invite(login, world.sessions())->connected());
    device.expect_nothing();
}
