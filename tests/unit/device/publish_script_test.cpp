// PUBLISH from a device: acknowledgements, topics, reports, copies for its own subscriptions.

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using device::CloseReason;

TEST_CASE("[R25, R37] QoS 1 is acknowledged, and the value is kept") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/data_in", "5", 7);
    a.expect_puback(7);
    CHECK(world.reported("a", "data_in") == "5");
    CHECK(world.events() == "connect data_in");
}

TEST_CASE("[R24, R26] QoS 0 and QoS 2 are not answered") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/data_in", "5");
    a.expect_nothing();
    a.send(test::publish_packet("$resource/data_in", "6", 4, 9));
    a.expect_nothing();
    CHECK(world.reported("a", "data_in") == "6");
    CHECK(world.findings() == "R26.qos_2");
}

TEST_CASE("[R25a] PUBACK waits for the commit of what the PUBLISH changed") {
    test::World world;
    auto& a = world.connect("a");
    world.hold_commits();
    a.publish("$resource/data_in", "5", 7);
    a.expect_nothing();
    world.commit();
    a.expect_puback(7);
}

TEST_CASE("[R25a] after a failed commit nothing is acknowledged, and nothing is kept") {
    test::World world;
    auto& a = world.connect("a");
    world.hold_commits();
    a.publish("$resource/data_in", "5", 7);
    world.fail_commit();
    a.expect_closed(CloseReason::commit_failed);
    CHECK_FALSE(world.reported("a", "data_in"));
    world.connect("a");
}

TEST_CASE("[R25a] PUBACKs keep the order of their PUBLISHes") {
    test::World world;
    auto& a = world.connect("a");
    a.send(test::publish_packet("$resource/data_in", "1", 2, 5) + test::publish_packet("t/1", "2", 2, 4) +
           test::publish_packet("$content", "", 2, 3));
    a.expect_puback(5);
    a.expect_puback(4);
    a.expect_puback(3);
    CHECK(a.expect_publish("$content") == "[]");
}

TEST_CASE("[R27] DUP on a new packet id is noted, and on a repeat it is not") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/data_in", "5", 7);
    a.send(test::publish_packet("$resource/data_in", "5", 10, 7));
    a.expect_puback(7);
    a.expect_puback(7);
    CHECK(world.findings().empty());
    a.send(test::publish_packet("$resource/data_in", "5", 10, 8));
    a.expect_puback(8);
    CHECK(world.findings() == "R27.dup_without_retry");
}

TEST_CASE("[R27] a repeat on the next connection is no first send") {
    test::World world;
    world.connect("a").publish("$resource/data_in", "5", 7);
    auto& again = world.connect("a");
    again.send(test::publish_packet("$resource/data_in", "5", 10, 7));
    again.expect_puback(7);
    CHECK(world.findings().empty());
}

TEST_CASE("[R28] DUP with QoS 0 ends the connection, and the message is not processed") {
    test::World world;
    auto& a = world.connect("a");
    a.send(test::publish_packet("$resource/data_in", "5", 8));
    a.expect_closed(CloseReason::violation);
    CHECK_FALSE(world.reported("a", "data_in"));
    CHECK(world.findings() == "R28.dup_with_qos_0");
}

TEST_CASE("[R29] a PUBACK is ignored; [R30] PUBREC ends the connection") {
    test::World world;
    auto& a = world.connect("a");
    a.send(test::packet(0x40, test::u16(1)));
    a.expect_nothing();
    CHECK(world.findings() == "R29.unexpected_puback");
    a.send(test::packet(0x50, test::u16(1)));
    a.expect_closed(CloseReason::violation);
    CHECK(world.findings() == "R30.qos_2_packet");
}

TEST_CASE("[R46] a topic that the device may not use is acknowledged and dropped") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/data_in/1", "5", 7);
    a.expect_puback(7);
    CHECK(world.findings() == "R46.third_level");
    CHECK_FALSE(world.reported("a", "data_in"));
    world.change_settings(
        [](auto& settings) { settings.quirks.unentitled_publish = config::Quirks::UnentitledPublish::disconnect; });
    a.publish("$SYS/x", "5", 8);
    a.expect_closed(CloseReason::rule);
}

TEST_CASE("[R45a] an arbitrary topic: one copy for each connection with a matching filter") {
    test::World world;
    auto& a = world.connect("a");
    test::ConnectParts parts;
    parts.client_id = "second";
    auto& second = world.login("a", parts);
    second.expect_connack();
    a.subscribe(1, {"t/+", "t/#"});
    a.expect_suback(1, {0, 0});
    second.publish("t/1", "hello", 7);
    second.expect_puback(7);
    second.expect_nothing();
    a.expect_publish("t/1", "hello");
    a.expect_nothing();
}

TEST_CASE("[R45] the topics of two devices never meet") {
    test::World world;
    auto& a = world.connect("a");
    auto& b = world.connect("b");
    b.subscribe(1, {"#"});
    b.expect_suback(1, {0});
    a.publish("t/1", "mine");
    b.expect_nothing();
}

TEST_CASE("[R23] RETAIN is ignored: nothing is replayed") {
    test::World world;
    auto& a = world.connect("a");
    a.send(test::publish_packet("t/1", "kept?", 1));
    a.subscribe(1, {"t/#"});
    a.expect_suback(1, {0});
    a.expect_nothing();
    CHECK(world.findings() == "R23.retain");
}

TEST_CASE("[R39] several values in one report") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource/", R"({"data_in":"1","data_out":"2"})", 7);
    a.expect_puback(7);
    CHECK(world.reported("a", "data_in") == "1");
    CHECK(world.reported("a", "data_out") == "2");
}

TEST_CASE("[R38] a batch: the newest entry is the state, an older one is not") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$resource.batch",
              R"([{"timestamp":2000,"values":{"data_in":"new"}},{"timestamp":1000,"values":{"data_in":"old"}}])", 7);
    a.expect_puback(7);
    CHECK(world.reported("a", "data_in") == "new");
}

TEST_CASE("[R37] an undefined alias is an event and a finding, and no state") {
    test::World world;
    auto& a = world.connect("a");
    world.events();
    a.publish("$resource/data_inn", "5", 7);
    a.expect_puback(7);
    CHECK(world.events() == "data_in");
    CHECK(world.findings() == "R37.misspelt_alias");
    CHECK_FALSE(world.reported("a", "data_inn"));
}

TEST_CASE("[R40] a value that does not fit is refused, or ends the connection by quirk") {
    test::World world;
    world.change_settings(
        [](auto& settings) { settings.resources["data_in"].format = config::ResourceFormat::number; });
    auto& a = world.connect("a");
    a.publish("$resource/data_in", "warm", 7);
    a.expect_puback(7);
    CHECK_FALSE(world.reported("a", "data_in"));
    CHECK(world.findings() == "R40.not_a_number");
    world.change_settings(
        [](auto& settings) { settings.quirks.invalid_value = config::Quirks::InvalidValue::disconnect; });
    a.publish("$resource/data_in", "warm", 8);
    a.expect_closed(CloseReason::rule);
}

TEST_CASE("[R40a] a number keeps its exact text") {
    test::World world;
    world.change_settings(
        [](auto& settings) { settings.resources["data_in"].format = config::ResourceFormat::number; });
    world.connect("a").publish("$resource/", R"({"data_in":73.164920})");
    CHECK(world.reported("a", "data_in") == "73.164920");
}

TEST_CASE("[R5] control characters in a topic are noted") {
    test::World world;
    world.connect("a").publish("t/\x01", "x");
    CHECK(world.findings() == "R5.control_characters");
}

TEST_CASE("[R60] the content list is empty where there is none; a payload is ignored") {
    test::World world;
    auto& a = world.connect("a");
    a.publish("$content", "please", 7);
    a.expect_puback(7);
    CHECK(a.expect_publish("$content") == "[]");
    CHECK(world.findings() == "R60.payload_ignored");
}

TEST_CASE("[R60, R62] the content list has the connector's items, by name") {
    test::World world;
    auto& a = world.connect("a");
    for (const auto* name : {"b.bin", "a.bin"}) {
        device::ContentPut put;
        put.row.connector = test::default_connector;
        put.row.id = name;
        put.row.file = name;
        put.row.mime = "application/octet-stream";
        put.row.length = 3;
        REQUIRE_FALSE(world.control().put_content(std::move(put)));
    }
    world.turn();
    a.publish("$content", "");
    const auto list = a.expect_publish("$content");
    CHECK(list.find("a.bin") < list.find("b.bin"));
    CHECK(list.find("b.bin") != std::string::npos);
}
