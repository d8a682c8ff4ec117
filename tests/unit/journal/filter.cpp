#include "server/journal/filter.h"

#include "tests/support/sample_events.h"

#include <doctest/doctest.h>

using journal::EventType;
using journal::Filter;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

Filter parsed(const Parameters& parameters) {
    auto filter = journal::parse_filter(parameters);
    if (const auto* error = std::get_if<journal::FilterError>(&filter)) FAIL(error->message);
    return std::get<Filter>(filter);
}

journal::FilterError refused(const Parameters& parameters) {
    auto filter = journal::parse_filter(parameters);
    REQUIRE(std::holds_alternative<journal::FilterError>(filter));
    return std::get<journal::FilterError>(filter);
}

bool passes(const Parameters& parameters, const journal::Event& event) {
    return journal::matches(parsed(parameters), event);
}

std::vector<std::string> types_that_pass(const Parameters& parameters) {
    const SampleEvents samples;
    const Filter filter = parsed(parameters);
    std::vector<std::string> types;
    for (const journal::Event& event : samples.all()) {
        if (journal::matches(filter, event)) types.push_back(std::to_string(static_cast<int>(event.type)));
    }
    return types;
}

journal::Event finding(std::string_view rule, std::string_view topic) {
    return SampleEvents::with(EventType::finding, journal::FindingPayload{rule, journal::Severity::warning, "m", "h",
                                                                          "PUBLISH", std::nullopt, topic});
}

}  // namespace

TEST_CASE("no filter lets everything through, an empty value sets none") {
    const SampleEvents samples;
    CHECK(types_that_pass({}).size() == samples.all().size());
    CHECK(types_that_pass({{"connector", ""}, {"type", ""}, {"topic", ""}, {"from", ""}, {"rule", ""}}).size() ==
          samples.all().size());
}

TEST_CASE("connector and identity are compared whole, case counts") {
    const journal::Event event = SampleEvents::base(EventType::connect);
    CHECK(passes({{"connector", "x2lmj5npsktbuik9"}, {"identity", "12345"}}, event));
    CHECK(!passes({{"connector", "x2lmj5npsktbuik"}}, event));
    CHECK(!passes({{"connector", "X2lmj5npsktbuik9"}}, event));
    CHECK(!passes({{"identity", "1234"}}, event));
    journal::Event anonymous = event;
    anonymous.identity = {};
    CHECK(!passes({{"identity", "12345"}}, anonymous));
}

TEST_CASE("types may be several, with commas or repeated") {
    CHECK(types_that_pass({{"type", "data_in"}}) == std::vector<std::string>{"4"});
    CHECK(types_that_pass({{"type", "data_in,data_out"}}) == std::vector<std::string>{"4", "5"});
    CHECK(types_that_pass({{"type", "publish"}, {"type", "content_in"}}) == std::vector<std::string>{"6", "7"});
}

TEST_CASE("an unknown type is refused and the nearest is named") {
    CHECK(refused({{"type", "data-in"}}).message == R"(there is no event type "data-in"; did you mean "data_in"?)");
    CHECK(refused({{"type", "conect"}}).message.find("\"connect\"?") != std::string::npos);
    CHECK(refused({{"type", "findings"}}).message.find("\"finding\"?") != std::string::npos);
    CHECK(refused({{"type", "humidity"}}).message ==
          "there is no event type \"humidity\"; the types are connect, disconnect, provisioned, data_in, data_out, "
          "publish, content_in, deleted, expired, finding, packet, fault, verdict");
    CHECK(refused({{"type", "data_in,"}, {"type", "x"}}).parameter == "type");
    CHECK(refused({{"type", ",data_in"}}).parameter == "type");
    CHECK(refused({{"type", std::string(100'000, 'x')}}).message.size() < 300);
}

TEST_CASE("a topic filter looks at a publish's topic with MQTT's wildcards [MQTT-4.7.1-2] [MQTT-4.7.1-3]") {
    const journal::Event event = SampleEvents::with(EventType::publish, journal::PublishPayload{"a/b", "x"});
    CHECK(passes({{"topic", "a/b"}}, event));
    CHECK(passes({{"topic", "a/+"}}, event));
    CHECK(passes({{"topic", "#"}}, event));
    CHECK(!passes({{"topic", "a"}}, event));
    CHECK(!passes({{"topic", "a/b/c"}}, event));
    CHECK(refused({{"topic", "a/#/b"}}).parameter == "topic");
    CHECK(refused({{"topic", "a+"}}).parameter == "topic");
}

TEST_CASE("a topic filter looks at a value's resource topic, a cloud value's with its timestamp too [R43]") {
    const SampleEvents samples;
    const journal::Event in = SampleEvents::with(EventType::data_in, journal::DataPayload{samples.reports});
    const journal::Event out = SampleEvents::with(EventType::data_out, journal::DataPayload{samples.reports});
    CHECK(passes({{"topic", "$resource/temperature"}}, in));
    CHECK(passes({{"topic", "$resource/+"}}, in));
    CHECK(passes({{"topic", "$resource/#"}}, out));
    CHECK(passes({{"topic", "$resource/on"}}, out));
    CHECK(passes({{"topic", "$resource/on/1700000000000000"}}, out));
    CHECK(passes({{"topic", "$resource/+/+"}}, out));
    CHECK(!passes({{"topic", "$resource/+/+"}}, in));
    CHECK(!passes({{"topic", "$resource/other"}}, in));
    CHECK(!passes({{"topic", "#"}}, in));  // [MQTT-4.7.2-1]
}

TEST_CASE("a topic filter looks at the topic of a finding's packet and of a journalled PUBLISH") {
    CHECK(passes({{"topic", "$resource/+"}}, finding("R37", "$resource/x")));
    CHECK(!passes({{"topic", "$resource/+"}}, finding("R37", "")));
    const SampleEvents samples;
    CHECK(passes({{"topic", "a/+"}}, samples.all().back()));
    CHECK(!passes({{"topic", "b/+"}}, samples.all().back()));
    CHECK(!passes({{"topic", "#"}}, SampleEvents::base(EventType::connect)));
    CHECK(!passes({{"topic", "#"}}, SampleEvents::with(EventType::packet, journal::PacketPayload{false, "\xc0"})));
    CHECK(!passes({{"topic", "#"}},
                  SampleEvents::with(EventType::packet, journal::PacketPayload{false, "\x30\x02\x7f\x7f"})));
}

TEST_CASE("an alias is looked for in every entry of a report") {
    const SampleEvents samples;
    const journal::Event event = SampleEvents::with(EventType::data_in, journal::DataPayload{samples.reports});
    CHECK(passes({{"alias", "on"}}, event));
    CHECK(passes({{"alias", "temperature"}}, event));
    CHECK(!passes({{"alias", "o"}}, event));
    CHECK(!passes({{"alias", "on"}}, SampleEvents::base(EventType::connect)));
}

TEST_CASE("name and kind are looked for in faults, and its topic") {
    const auto hit = SampleEvents::with(
        EventType::fault, journal::FaultPayload{"lost", "withhold", 1, "PUBACK", "$resource/a", "withheld", "12"});
    CHECK(passes({{"type", "fault"}, {"name", "lost"}, {"kind", "withhold"}, {"topic", "$resource/+"}}, hit));
    CHECK(!passes({{"name", "los"}}, hit));
    CHECK(!passes({{"kind", "ignore"}}, hit));
    CHECK(!passes({{"name", "lost"}}, finding("R28", "")));
    CHECK(passes({{"identity", "12"}}, hit));
}

TEST_CASE("a rule is looked for in findings, case does not count") {
    CHECK(passes({{"rule", "R28"}}, finding("R28", "")));
    CHECK(passes({{"rule", "r28"}}, finding("R28", "")));
    CHECK(passes({{"rule", "mqtt-3.1.0-1"}}, finding("MQTT-3.1.0-1", "")));
    CHECK(!passes({{"rule", "R2"}}, finding("R28", "")));
    CHECK(!passes({{"rule", "R28"}}, SampleEvents::base(EventType::connect)));
}

TEST_CASE("a rule finds all codes of it, a code that one alone; each may be asked for as the rule") {
    const auto comma = finding("R40.comma_for_point", "");
    CHECK(passes({{"rule", "R40"}}, comma));
    CHECK(passes({{"rule", "R40.comma_for_point"}}, comma));
    CHECK(passes({{"rule", "r40.Comma_For_Point"}}, comma));
    CHECK(passes({{"code", "R40.comma_for_point"}}, comma));
    CHECK(passes({{"code", "r40.comma_for_point"}, {"rule", "R40"}}, comma));
    CHECK(!passes({{"code", "r40.comma_for_point"}, {"rule", "R38"}}, comma));
    CHECK(!passes({{"code", "R40.nan"}}, comma));
    CHECK(!passes({{"rule", "R40.nan"}}, comma));
    CHECK(!passes({{"rule", "R4"}}, comma));
    CHECK(passes({{"rule", "MQTT-3.1.0-1"}}, finding("MQTT-3.1.0-1.connect_timeout", "")));
    CHECK(!passes({{"code", "R40.comma_for_point"}}, SampleEvents::base(EventType::connect)));
    CHECK(!passes({{"code", "R28.dup_with_qos_0"}}, finding("R28", "")));  // of an older journal
}

TEST_CASE("what is a rule alone is no code") {
    for (const char* value : {"R40", "MQTT-3.1.0-1", "R40.", "comma_for_point"}) {
        CAPTURE(value);
        const std::pair<std::string, std::string> parameter{"code", value};
        const auto refused = journal::parse_filter({&parameter, 1});
        const auto* error = std::get_if<journal::FilterError>(&refused);
        REQUIRE(error != nullptr);
        CHECK(error->parameter == "code");
        CHECK(error->message.find("R40.comma_for_point") != std::string::npos);
    }
    CHECK(passes({{"code", ""}}, finding("R28", "")));
}

TEST_CASE("from and to are inclusive, in the emulator's time") {
    journal::Event event = SampleEvents::base(EventType::connect);
    event.timestamp_us = 1000;
    event.real_timestamp_us = 5;
    CHECK(passes({{"from", "1000"}, {"to", "1000"}}, event));
    CHECK(!passes({{"from", "1001"}}, event));
    CHECK(!passes({{"to", "999"}}, event));
    CHECK(passes({{"from", "-5"}}, event));
    for (const char* wrong : {"soon", "1.5", "1 ", "99999999999999999999", "+1"}) {
        CHECK_MESSAGE(refused({{"from", wrong}}).parameter == "from", wrong);
        CHECK_MESSAGE(refused({{"to", wrong}}).parameter == "to", wrong);
    }
}

TEST_CASE("all that is set must hold") {
    const SampleEvents samples;
    const journal::Event event = SampleEvents::with(EventType::data_in, journal::DataPayload{samples.reports});
    CHECK(passes({{"type", "data_in"}, {"identity", "12345"}, {"alias", "on"}}, event));
    CHECK(!passes({{"type", "data_in"}, {"identity", "other"}, {"alias", "on"}}, event));
}

TEST_CASE("other parameters are left to the caller") {
    Filter filter;
    const auto applied = journal::apply_parameter(filter, "limit", "5");
    CHECK(std::get<journal::Applied>(applied) == journal::Applied::not_a_filter);
    CHECK(passes({{"limit", "x"}, {"after", "y"}}, SampleEvents::base(EventType::connect)));
}
