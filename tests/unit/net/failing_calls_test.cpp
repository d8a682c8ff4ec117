// Connections, and the handlers on them, whose transport fails at its first call, its second, and so on to the last
// that a whole life makes. Whatever the call: the connection is over, once; nothing of it is left behind; nothing was
// acknowledged that is not committed.

#include "tests/support/packet_builder.h"
#include "tests/unit/net/net_world.h"

#include <functional>
#include <map>

#include <doctest/doctest.h>

using net::IoStatus;
using net_test::Failure;
using net_test::World;
using runtime::PortKind;

namespace {

using Life = std::function<void(World&)>;

constexpr std::size_t fewest_calls = 10;  // of a life that is worth the name

void mqtt_life(World& world) {
    world.client_sends(test::connect_packet());
    world.client_sends(test::publish_packet("a", "first", 2, 1) + test::publish_packet("a", "second", 2, 2));
    world.devices().send_to_all(std::string(20'000, 'v'));
    world.run();
    world.client_sends(test::subscribe_packet(3, {{"a", 0}}));
    const auto third = test::publish_packet("a", "third", 2, 4);
    world.client_sends(third.substr(0, 3));
    world.client_sends(third.substr(3));
    world.client_sends(test::pingreq);
    world.client_sends(test::disconnect);
}

std::string request(const std::string& line, const std::string& body = "", const std::string& field = "X: y") {
    return line + " HTTP/1.1\r\nHost: localhost\r\n" + field + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

void http_life(World& world) {
    world.service().change_at_finish([&world] { world.commits().change(storage::PutMeta{"asked", "1"}); });
    world.client_sends(request("GET /hello"));
    const auto echo = request("POST /echo", "0123456789");
    world.client_sends(echo.substr(0, echo.size() - 4));
    world.client_sends(echo.substr(echo.size() - 4));
    world.client_sends(request("POST /upload", std::string(20'000, 'u')));
    world.client_sends(request("GET /file"));
    world.client_sends(request("GET /wait"));
    world.service().wake();
    world.run();
    world.client_sends(request("GET /events"));
    world.client_sends(request("GET /hello", "", "Connection: close"));
}

// PUBACKs by packet id, in what an MQTT client got.
std::map<unsigned, int> pubacks(std::string_view got) {
    std::map<unsigned, int> found;
    std::size_t at = 0;
    while (at + 2 <= got.size()) {
        std::size_t length = 0;
        std::size_t head = at + 1;
        for (unsigned shift = 0; head < got.size(); shift += 7) {
            const auto byte = static_cast<unsigned char>(got[head++]);
            length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
            if ((byte & 0x80U) == 0) break;
        }
        if (head + length > got.size()) break;
        if (got[at] == '\x40') ++found[static_cast<unsigned char>(got[head + 1])];
        at = head + length;
    }
    return found;
}

void check_acknowledged(const World& world) {
    const std::map<unsigned, std::string> payloads{{1, "first"}, {2, "second"}, {4, "third"}};
    for (const auto& acknowledged : pubacks(world.client_got())) {
        CAPTURE(acknowledged.first);
        CHECK(acknowledged.second == 1);
        CHECK(world.stored().meta.contains(payloads.at(acknowledged.first)));
    }
}

// The whole life, and then each of its calls failing.
void fail_each_call(PortKind kind, World::Tls tls, const Life& life, const Life& check) {
    std::size_t calls = 0;
    {
        World whole(kind, {}, tls);
        life(whole);
        calls = whole.calls();
        whole.check_over();
        check(whole);
    }
    REQUIRE(calls >= fewest_calls);
    for (const IoStatus how : {IoStatus::error, IoStatus::end}) {
        for (std::size_t at = 1; at <= calls; ++at) {
            CAPTURE(at);
            CAPTURE(static_cast<int>(how));
            World world(kind, {at, how}, tls);
            life(world);
            CHECK(world.calls() == at);
            CHECK(world.connection() == nullptr);
            world.check_over();
            check(world);
        }
    }
}

}  // namespace

TEST_CASE("[R25a] MQTT: whatever call fails, the connection is over and nothing uncommitted was acknowledged") {
    for (const auto tls : {World::Tls::off, World::Tls::on}) {
        fail_each_call(tls == World::Tls::on ? PortKind::mqtts : PortKind::mqtt, tls, mqtt_life, check_acknowledged);
    }
}

TEST_CASE("MQTT: a life in which nothing fails is whole") {
    World world(PortKind::mqtts, {}, World::Tls::on);
    mqtt_life(world);
    CHECK(pubacks(world.client_got()) == std::map<unsigned, int>{{1, 1}, {2, 1}, {4, 1}});
    CHECK(world.client_got().size() > 20'000);
    CHECK(world.devices().endings == std::vector{device::CloseReason::device_disconnect});
    CHECK(world.ended_without_connect() == 0);
    world.check_over();
}

TEST_CASE("MQTT: devices hear of the end of each connection that failed, once") {
    for (std::size_t at = 4; at <= 12; ++at) {
        CAPTURE(at);
        World world(PortKind::mqtt, {at, IoStatus::error});
        mqtt_life(world);
        CHECK(world.devices().endings == std::vector{device::CloseReason::network_error});
    }
}

TEST_CASE("[MQTT-3.1.0-1] a connection that fails before its CONNECT is told of as that, after it no more") {
    World before(PortKind::mqtts, {}, World::Tls::on);
    before.client_leaves();
    CHECK(before.handshake_failures().size() + static_cast<std::size_t>(before.ended_without_connect()) == 1);
    World half(PortKind::mqtt, {});
    half.client_sends(test::connect_packet().substr(0, 5));
    half.client_leaves();
    CHECK(half.ended_without_connect() == 1);
    World after(PortKind::mqtt, {});
    after.client_sends(test::connect_packet());
    after.client_leaves();
    CHECK(after.ended_without_connect() == 0);
}

TEST_CASE("TLS: a handshake whose call fails is explained, once") {
    for (std::size_t at = 1; at <= 2; ++at) {
        World world(PortKind::mqtts, {at, IoStatus::error}, World::Tls::on);
        world.client_sends(test::connect_packet());
        CHECK(world.handshake_failures().size() == 1);
        CHECK(world.ended_without_connect() == 0);
        world.check_over();
    }
}

TEST_CASE("HTTP: whatever call fails, the connection is over and its request, watch and place are given back") {
    fail_each_call(PortKind::api, World::Tls::off, http_life, [](World&) {});
}

TEST_CASE("HTTP: a life in which nothing fails is whole") {
    World world(PortKind::api, {});
    http_life(world);
    const auto& got = world.client_got();
    std::size_t answers = 0;
    for (std::size_t at = 0; (at = got.find("HTTP/1.1 200", at)) != std::string::npos; ++at) ++answers;
    CHECK(answers == 7);
    for (const char* words : {"hello", "0123456789", "20000", "woken", "data: 3", "Connection: close"}) {
        CAPTURE(words);
        CHECK(got.find(words) != std::string::npos);
    }
    CHECK(got.size() > net_test::file_bytes);
    world.check_over();
}

TEST_CASE("[R25a] MQTT: a commit that fails ends the connection, and what it held is never acknowledged") {
    for (std::size_t group = 1; group <= 2; ++group) {
        CAPTURE(group);
        World world(PortKind::mqtt, {}, World::Tls::off, group);
        mqtt_life(world);
        CHECK(world.devices().endings.size() == 1);
        CHECK(pubacks(world.client_got()).size() < 3);
        check_acknowledged(world);
        world.check_over();
    }
}

TEST_CASE("HTTP: an answer whose commit fails is 503 instead, and the connection ends") {
    World world(PortKind::api, {}, World::Tls::off, 1);
    world.service().change_at_finish([&world] { world.commits().change(storage::PutMeta{"asked", "1"}); });
    world.client_sends(request("GET /hello"));
    CHECK(world.client_got().starts_with("HTTP/1.1 503"));
    CHECK(world.client_got().find("disk full") != std::string::npos);
    CHECK(world.client_got().find("hello") == std::string::npos);
    CHECK(world.stored().meta.empty());
    world.check_over();
}
