#include "protocol/decode.h"
#include "tests/unit/simulator/life.h"

#include <set>

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using simulator::DeviceOptions;
using simulator::Misbehaviour;
using simulator::Profile;
using test::Life;

namespace {

Life flawed(Misbehaviour kind, const char* profile_name = "tutorial") {
    return Life([kind, profile_name](Profile& profile, DeviceOptions& options) {
        profile = *simulator::built_in_profile(profile_name);
        profile.content_interval = simulator::Span{0};
        options.misbehaviour = kind;
    });
}

test::SeenPublish first_report(Misbehaviour kind, const char* profile_name = "tutorial") {
    auto life = flawed(kind, profile_name);
    life.log_in();
    return life.publish();
}

std::string error_of(std::string_view text) {
    std::string error;
    const auto kinds = simulator::read_misbehaviours(text, error);
    CHECK(kinds.empty() == !error.empty());
    return error;
}

}  // namespace

TEST_CASE("kinds of misbehaviour have names of their own, and an unknown one is told with the nearest and all") {
    std::set<std::string_view> names;
    for (const auto& row : simulator::misbehaviours()) {
        CHECK(names.insert(row.name).second);
        CHECK(simulator::to_string(row.kind) == row.name);
        CHECK(error_of(row.name).empty());
    }
    CHECK(simulator::to_string(Misbehaviour::none) == "none");
    const auto error = error_of("coma");
    CHECK(error.find("did you mean comma?") != std::string::npos);
    for (const auto name : names) CHECK(error.find(name) != std::string::npos);
    CHECK(error_of("comma,").find("\"\"") != std::string::npos);
    std::string none;
    CHECK(simulator::read_misbehaviours("all", none).size() == names.size());
    CHECK(simulator::read_misbehaviours("comma,qos2", none) == std::vector{Misbehaviour::comma, Misbehaviour::qos2});
}

TEST_CASE("a decimal comma, words for a number, and JSON with single quotes") {
    const auto comma = first_report(Misbehaviour::comma, "thermostat");
    CHECK(comma.topic == "$resource/temperature");
    CHECK(comma.payload == "18,00");
    CHECK(first_report(Misbehaviour::text_for_number, "thermostat").payload == "warm");
    const auto json = first_report(Misbehaviour::bad_json);
    CHECK(json.topic == "$resource/");
    CHECK(json.payload.starts_with("{'"));
}

TEST_CASE("timestamps of batches in seconds and in milliseconds") {
    CHECK(first_report(Misbehaviour::seconds).payload.starts_with(R"([{"timestamp":1700000000,)"));
    CHECK(first_report(Misbehaviour::milliseconds).payload.starts_with(R"([{"timestamp":1700000000000,)"));
    CHECK(first_report(Misbehaviour::seconds).topic == "$resource.batch");
}

TEST_CASE("an alias and a topic that do not exist") {
    CHECK(first_report(Misbehaviour::unknown_resource).topic == "$resource/temprature");
    CHECK(first_report(Misbehaviour::unknown_topic).topic == "$resources/data_in");
}

TEST_CASE("QoS 2, DUP with QoS 0, RETAIN") {
    CHECK(first_report(Misbehaviour::qos2).qos == 2);
    const auto dup = first_report(Misbehaviour::dup);
    CHECK(dup.dup);
    CHECK(dup.qos == 0);
    CHECK(first_report(Misbehaviour::retain).retain);
}

TEST_CASE("CONNECT with another ClientID, another level, a line end behind the token") {
    const auto connect_of = [](Misbehaviour kind) {
        auto life = flawed(kind);
        life.open();
        return life.expect(1);
    };
    CHECK(connect_of(Misbehaviour::client_id).find("client-") != std::string::npos);
    CHECK(connect_of(Misbehaviour::mqtt5)[6] == 5);
    CHECK(connect_of(Misbehaviour::line_end).ends_with(std::string(Life::token) + "\n"));
}

TEST_CASE("a foreign topic, a second CONNECT, PUBREC") {
    auto foreign = flawed(Misbehaviour::foreign_topic);
    foreign.log_in();
    CHECK(foreign.expect(8).find("$provision/not-12345") != std::string::npos);
    auto second = flawed(Misbehaviour::second_connect);
    second.log_in();
    second.expect(1);
    auto pubrec = flawed(Misbehaviour::pubrec);
    pubrec.log_in();
    pubrec.acknowledge(pubrec.publish().packet_id);
    pubrec.expect(5);
}

TEST_CASE("one without a pause is back at once, one that does not ping falls silent, a mute one says nothing") {
    auto hasty = flawed(Misbehaviour::no_pause);
    hasty.log_in();
    hasty.acknowledge(hasty.publish().packet_id);
    CHECK(hasty.took_close());
    CHECK(hasty.took_open());
    auto silent = flawed(Misbehaviour::no_ping);
    silent.log_in();
    silent.acknowledge(silent.publish().packet_id);
    silent.pass(9s);
    silent.expect_nothing();
    auto mute = flawed(Misbehaviour::mute);
    mute.open();
    mute.expect_nothing();
}
