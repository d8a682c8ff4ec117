#include "protocol/decode.h"
#include "tests/unit/simulator/life.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using simulator::DeviceOptions;
using simulator::Misbehaviour;
using simulator::Profile;
using test::Life;

namespace {

constexpr unsigned connect_type = 1, subscribe_type = 8, pingreq_type = 12, disconnect_type = 14;

std::string connack(unsigned code) {
    std::string out;
    protocol::encode_connack(out, false, static_cast<protocol::ConnackCode>(code));
    return out;
}

// A report, acknowledged: the connection is good.
void report(Life& life) {
    const auto seen = life.publish();
    REQUIRE(seen.qos == 1);
    life.acknowledge(seen.packet_id);
}

}  // namespace

TEST_CASE("a device logs in with an empty user name and its token") {
    Life life;
    life.open();
    const auto body = life.expect(connect_type);
    const auto connect = protocol::decode_connect(body);
    REQUIRE(connect.ok());
    CHECK(connect.value().client_id == "12345");
    CHECK(connect.value().username == "");
    CHECK(connect.value().password == Life::token);
    CHECK(connect.value().clean_session);
    CHECK(connect.value().keep_alive_s == 60);
    CHECK_FALSE(connect.value().will);
}

TEST_CASE("without a token it provisions as an anonymous client, and comes back at once") {
    Life life([](Profile&, DeviceOptions& options) { options.token.clear(); });
    life.open();
    const auto body = life.expect(connect_type);
    const auto connect = protocol::decode_connect(body);
    REQUIRE(connect.ok());
    CHECK(connect.value().client_id.empty());
    CHECK_FALSE(connect.value().username);
    CHECK_FALSE(connect.value().password);
    life.give(connack(0));
    const auto request = life.publish();
    CHECK(request.topic == "$provision/12345");
    CHECK(request.payload.empty());
    life.give_publish("$provision/12345", Life::token);
    life.expect(disconnect_type);
    CHECK(life.took_close());
    life.log_in();
    CHECK(life.publish().topic == "$resource/data_in");
    CHECK(life.device().counts().provisioned == 1);
}

TEST_CASE("a device of a password connector chooses 20 characters or more, and logs in with its id") {
    Life life([](Profile&, DeviceOptions& options) {
        options.token.clear();
        options.chooses_password = true;
    });
    life.open();
    life.expect(connect_type);
    life.give(connack(0));
    const auto request = life.publish();
    CHECK(request.payload.size() >= 20);
    life.acknowledge(request.packet_id);
    life.expect(disconnect_type);
    life.open();
    const auto body = life.expect(connect_type);
    const auto connect = protocol::decode_connect(body);
    REQUIRE(connect.ok());
    CHECK(connect.value().username == "12345");
    CHECK(connect.value().password == request.payload);
}

TEST_CASE("a token that is unknown is given up, one of a locked device is kept") {
    for (const unsigned code : {4U, 5U}) {
        CAPTURE(code);
        Life life;
        life.open();
        life.give(connack(code));
        CHECK(life.took_close());
        life.pause_to_open();
        life.open();
        const auto body = life.expect(connect_type);
        const auto connect = protocol::decode_connect(body);
        REQUIRE(connect.ok());
        CHECK(connect.value().password.has_value() == (code == 5));
    }
}

TEST_CASE("the pauses grow to the limit, and nothing is sent behind a refusal") {
    Life life([](Profile& profile, DeviceOptions&) {
        profile.first_pause = 1s;
        profile.max_pause = 8s;
    });
    std::vector<simulator::Span> pauses;
    for (int i = 0; i < 7; ++i) {
        life.open();
        life.expect(connect_type);
        life.give(connack(3));
        life.expect_nothing();
        CHECK(life.took_close());
        pauses.push_back(life.pause_to_open());
    }
    CHECK(pauses[0] >= 700ms);
    CHECK(pauses[0] <= 1300ms);
    CHECK(pauses[3] >= 8s * 7 / 10);
    CHECK(pauses[6] >= 8s * 7 / 10);
    CHECK(pauses[6] <= 8s * 13 / 10);
    CHECK(pauses[5] != pauses[6]);
}

TEST_CASE("not CONNACK but the first acknowledged report sets the pauses back") {
    Life life;
    for (int i = 0; i < 4; ++i) {
        life.log_in();
        life.lose();
        life.pause_to_open();
    }
    life.log_in();
    life.lose();
    CHECK(life.pause_to_open() > 5s);
    life.log_in();
    report(life);
    life.lose();
    CHECK(life.pause_to_open() <= 1300ms);
}

TEST_CASE("nothing is waited for without end") {
    SUBCASE("the connection") {
        Life life;
        REQUIRE(life.took_open());
        life.pass(11s);
    }
    SUBCASE("CONNACK") {
        Life life;
        life.open();
        life.pass(9s);
        CHECK_FALSE(life.took_close());
        life.pass(2s);
        CHECK(life.took_close());
    }
    SUBCASE("the token") {
        Life life([](Profile&, DeviceOptions& options) { options.token.clear(); });
        life.open();
        life.give(connack(0));
        life.pass(11s);
        CHECK(life.took_close());
        CHECK(life.device().last_failure().find("no token came") == 0);
    }
    SUBCASE("a PUBACK: the report comes again on the next connection") {
        Life life;
        life.log_in();
        const auto first = life.publish();
        life.pass(11s);
        CHECK(life.took_close());
        life.pause_to_open();
        life.log_in();
        const auto again = life.publish();
        CHECK(again.topic == "$resource.batch");
        CHECK(again.payload.find(config::to_json_text(config::JsonNode::of(std::string_view(first.payload)))) !=
              std::string::npos);
    }
}

TEST_CASE("an idle device pings in time, and gives up where no PINGRESP comes") {
    Life life([](Profile& profile, DeviceOptions&) {
        profile.keep_alive = 20s;
        profile.report_interval = 1h;
    });
    life.log_in();
    report(life);
    life.pass(14s);
    life.expect_nothing();
    life.pass(2s);
    life.expect(pingreq_type);
    std::string pingresp;
    protocol::encode_pingresp(pingresp);
    life.give(pingresp);
    life.pass(16s);
    life.expect(pingreq_type);
    life.pass(11s);
    CHECK(life.took_close());
    CHECK(life.device().last_failure() == "a PINGRESP did not come");
}

TEST_CASE("reports of an outage come afterwards as a batch, each once, with the time of their measuring") {
    Life life;
    life.log_in();
    report(life);
    life.lose();
    REQUIRE(life.pause_to_open() < 2s);
    for (int i = 0; i < 4; ++i) {
        life.lose("refused");
        life.pause_to_open();
    }
    life.log_in();
    const auto batch = life.publish();
    CHECK(batch.topic == "$resource.batch");
    const auto parsed = config::parse_json(batch.payload, config::JsonDialect::strict);
    REQUIRE(parsed.root);
    CHECK(parsed.root->items.size() >= 2);
    std::int64_t before = 0;
    for (const auto& entry : parsed.root->items) {
        const auto at = std::stoll(entry.find("timestamp")->text);
        CHECK(at > before);
        CHECK(at <= life.now().wall_us);
        before = at;
    }
    life.acknowledge(batch.packet_id);
    life.pass(5s);
    CHECK(life.publish().topic == "$resource/data_in");
}

TEST_CASE("a value of the cloud is applied and reported back; an older one and an unknown alias are not") {
    Life life;
    life.log_in();
    report(life);
    life.give_publish("$resource/config_io/1700000000000002", "new");
    life.give_publish("$resource/config_io/1700000000000001", "old");
    life.give_publish("$resource/nobody/1700000000000003", "x");
    life.give_publish("$resource/data_in/1700000000000003", "x");
    life.give_publish("somewhere/else", "x");
    life.expect_nothing();
    life.pass(1s);
    const auto back = life.publish();
    CHECK(back.topic == "$resource/config_io");
    CHECK(back.payload == "new");
    CHECK(back.qos == 1);
    life.acknowledge(back.packet_id);
    life.expect_nothing();
    CHECK(life.device().counts().settings == 1);
}

TEST_CASE("a value whose report was lost is reported again; of two the last one is") {
    Life life;
    life.log_in();
    report(life);
    life.give_publish("$resource/config_io/1", "one");
    life.pass(500ms);
    CHECK(life.publish().payload == "one");
    life.give_publish("$resource/config_io/2", "two");
    life.pass(500ms);
    life.lose();
    life.pause_to_open();
    life.log_in();
    const auto again = life.publish();
    CHECK(again.topic == "$resource/config_io");
    CHECK(again.payload == "two");
}

TEST_CASE("another broker sends a device's own report back to it: that is no new value") {
    Life life([](Profile&, DeviceOptions& options) { options.subscribes = true; });
    life.log_in();
    CHECK(life.expect(subscribe_type).find("$resource/#") != std::string::npos);
    report(life);
    life.give_publish("$resource/config_io", "on");
    life.pass(500ms);
    const auto back = life.publish();
    CHECK(back.payload == "on");
    life.acknowledge(back.packet_id);
    life.give_publish("$resource/config_io", "on");
    life.pass(500ms);
    life.expect_nothing();
}

TEST_CASE("what no server sends ends the connection, and the device lives on") {
    for (const char* const wrong :
         {"\x20\x02\x00", "\x10\x00", "\x36\x03\x00\x01t", "\x40\x01\x00", "\xff\xff\xff\xff\xff"}) {
        Life life;
        life.log_in();
        report(life);
        std::string bytes(wrong);
        bytes.resize(8, '\0');
        life.give(bytes);
        CHECK(life.took_close());
        life.pause_to_open();
        life.log_in();
    }
}

TEST_CASE("packets are read in any chunks") {
    Life life;
    life.open();
    life.expect(connect_type);
    std::string packets = connack(0);
    protocol::encode_publish(packets, "$resource/config_io/5", "x");
    for (const char byte : packets) life.give(std::string(1, byte));
    report(life);
    life.pass(500ms);
    CHECK(life.publish().topic == "$resource/config_io");
}

TEST_CASE("switched off, it says DISCONNECT and wants nothing any more") {
    Life life;
    life.log_in();
    report(life);
    life.device().switch_off();
    auto orders = life.device().take_orders();
    CHECK(orders.send == std::string("\xe0\x00", 2));
    CHECK(orders.close);
    CHECK_FALSE(life.device().deadline());
}

TEST_CASE("two devices with one seed do the same, with another seed they do not") {
    const auto lived = [](std::uint64_t seed) {
        Life life([seed](Profile&, DeviceOptions& options) { options.seed = seed; });
        life.log_in();
        std::string told;
        for (int i = 0; i < 5; ++i) {
            const auto seen = life.publish();
            told += seen.payload;
            life.acknowledge(seen.packet_id);
            life.pass(5s);
        }
        return told;
    };
    CHECK(lived(1) == lived(1));
    CHECK(lived(1) != lived(2));
}
