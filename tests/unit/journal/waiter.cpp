#include "server/journal/waiter.h"

#include "tests/support/sample_events.h"

#include <string>

#include <doctest/doctest.h>

using journal::EventType;
using journal::Goal;
using journal::Match;
using journal::Recorded;

namespace {

// A waiter, and the journal that its near misses are read from again.
struct Waiter : journal::Waiter {
    using journal::Waiter::Waiter;
    std::string journal_bytes;

    void take(const Recorded& recorded) {
        journal::EventWriter().append(journal_bytes, recorded.cursor, recorded.event);
        journal::Waiter::take(recorded);
    }
    void take_earlier(const Recorded& recorded) {
        journal::EventWriter().append(journal_bytes, recorded.cursor, recorded.event);
        journal::Waiter::take_earlier(recorded);
    }
    std::vector<journal::NearMiss> misses() const {
        std::vector<journal::NearMiss> shown;
        for (const Near& near : near_misses()) {
            journal::EventReader reader(journal_bytes);
            while (const auto recorded = reader.next()) {
                if (recorded->cursor == near.cursor) shown.push_back(in_words(near, *recorded));
            }
        }
        return shown;
    }
};

// One device's events, numbered as they come.
struct Device {
    Waiter& waiter;
    std::string connector = "c1";
    std::string identity = "d1";
    std::int64_t cursor = 100;

    void happens(EventType type, journal::Payload payload) {
        journal::Event event = SampleEvents::with(type, payload);
        event.connector = connector;
        event.identity = identity;
        event.timestamp_us = cursor;
        waiter.take({++cursor, event});
    }
    void reports(std::string_view alias, std::string_view text) {
        const journal::NamedValue value{alias, text};
        const journal::Report report{0, {&value, 1}};
        happens(EventType::data_in, journal::DataPayload{{&report, 1}});
    }
    void breaks(std::string_view rule, std::string_view topic) {
        happens(EventType::finding, journal::FindingPayload{rule, journal::Severity::violation, "It did wrong.", "",
                                                            "PUBLISH", std::nullopt, topic});
    }
};

Match match(std::string_view alias, const char* equals = nullptr) {
    Match wanted;
    wanted.filter.connector = "c1";
    wanted.filter.identity = "d1";
    wanted.filter.add_type(EventType::data_in);
    wanted.filter.alias = alias;
    if (equals != nullptr) wanted.payload.equals = equals;
    return wanted;
}

journal::TextPattern pattern(std::string_view text) {
    return std::get<journal::TextPattern>(journal::TextPattern::compile(text));
}

Goal one(Match wanted) {
    return {{std::move(wanted)}, 1, false};
}

std::string nearest(const Waiter& waiter) {
    const auto misses = waiter.misses();
    return misses.empty() ? std::string() : misses.front().why;
}

}  // namespace

TEST_CASE("the first event that fits reaches the goal, and later ones change nothing") {
    Waiter waiter(one(match("temperature", "22")));
    Device device{waiter};
    device.reports("temperature", "21");
    CHECK_FALSE(waiter.reached());
    device.reports("temperature", "22");
    CHECK(waiter.reached());
    device.reports("temperature", "22");
    CHECK(waiter.events().size() == 1);
    CHECK(waiter.last_cursor() == 102);
    CHECK(waiter.events().front().find(R"("cursor":102)") != std::string::npos);
}

TEST_CASE("all conditions on the payload hold for one and the same value") {
    Match wanted = match("");
    wanted.payload.contains = "on";
    wanted.payload.regex = pattern("^x");
    Waiter waiter(one(wanted));
    const journal::NamedValue values[] = {{"a", "on"}, {"b", "x"}};
    const journal::Report report{0, values};
    Device device{waiter};
    device.happens(EventType::data_in, journal::DataPayload{{&report, 1}});
    CHECK_FALSE(waiter.reached());
    device.reports("c", "x on");
    CHECK(waiter.reached());
}

TEST_CASE("equals with a JSON value compares what the text is worth") {
    Match wanted = match("temperature");
    wanted.payload.equals = "22";
    wanted.payload.equals_json.emplace("22");
    Waiter waiter(one(wanted));
    Device device{waiter};
    device.reports("temperature", "\"22\"");
    CHECK_FALSE(waiter.reached());
    device.reports("temperature", "22.0");
    CHECK(waiter.reached());
}

TEST_CASE("the texts of other events can be looked at too") {
    Match finding;
    finding.payload.contains = "did wrong";
    finding.payload.jsonpath = std::get<journal::JsonCondition>(journal::JsonCondition::parse(R"(/rule="R28")"));
    Waiter waiter(one(finding));
    Device device{waiter};
    device.breaks("R29", "a");
    CHECK_FALSE(waiter.reached());
    device.breaks("R28", "a");
    CHECK(waiter.reached());

    Match gone;
    gone.payload.regex = pattern("keep.alive");
    Waiter farewell(one(gone));
    Device other{farewell};
    other.happens(EventType::connect, journal::NoPayload{});
    other.happens(EventType::disconnect, journal::DisconnectPayload{"server", "keep alive ran out"});
    CHECK(farewell.reached());

    Match packet;
    packet.payload.jsonpath =
        std::get<journal::JsonCondition>(journal::JsonCondition::parse("/payload/type=\"PUBLISH\""));
    packet.payload.contains = "\"topic\":\"a/b\"";
    Waiter trace(one(packet));
    Device third{trace};
    third.happens(EventType::packet, journal::PacketPayload{true, std::string_view("\x30\x05\x00\x03"
                                                                                   "a/b",
                                                                                   7)});
    CHECK(trace.reached());
}

TEST_CASE("a count is reached with the last of them; exactly is known at the end") {
    Waiter several({{match("t")}, 2, false});
    Device device{several};
    device.reports("t", "1");
    CHECK_FALSE(several.reached());
    CHECK(several.shortfall() == "1 matching data_in event (wanted at least 2)");
    device.reports("t", "2");
    CHECK(several.reached());
    CHECK(several.events().size() == 2);

    Waiter exactly({{match("t")}, 1, true});
    Device second{exactly};
    CHECK_FALSE(exactly.reached_at_end());
    second.reports("t", "1");
    CHECK_FALSE(exactly.reached());
    CHECK(exactly.reached_at_end());
    second.reports("t", "2");
    CHECK_FALSE(exactly.reached_at_end());
    CHECK(nearest(exactly) == "it fits, and is one more than the 1 that were wanted");

    Waiter none({{match("t")}, 0, true});
    CHECK(none.reached_at_end());
    Device third{none};
    third.reports("t", "1");
    CHECK_FALSE(none.reached_at_end());
}

TEST_CASE("a sequence is met in order, with other events in between") {
    Waiter waiter({{match("a"), match("b"), match("a")}, 1, false});
    Device device{waiter};
    device.reports("b", "early");
    CHECK(nearest(waiter) == "it fits step 2 of the sequence, but came while step 1 was still missing");
    device.reports("a", "1");
    CHECK(waiter.near_misses().empty());
    CHECK(waiter.shortfall() == "step 2 of 3 did not come");
    device.reports("x", "0");
    device.reports("b", "2");
    CHECK_FALSE(waiter.reached());
    device.reports("a", "3");
    CHECK(waiter.reached());
    CHECK(waiter.events().size() == 3);
}

TEST_CASE("a finding of another rule or code is a near miss that names both") {
    Match wanted;
    wanted.filter.add_type(EventType::finding);
    SUBCASE("another rule") {
        wanted.filter.rule = "R38";
    }
    SUBCASE("another code of the same rule") {
        wanted.filter.code = "R40.comma_for_point";
    }
    SUBCASE("a code as the rule") {
        wanted.filter.rule = "R40.comma_for_point";
    }
    Waiter waiter(one(wanted));
    Device device{waiter};
    device.breaks("R40.nan", "a");
    CHECK_FALSE(waiter.reached());
    const bool by_rule = wanted.filter.rule == "R38";
    CHECK(nearest(waiter) == (by_rule ? "its rule is R40, not R38" : "its code is R40.nan, not R40.comma_for_point"));
}

TEST_CASE("a near miss says in which way it missed") {
    Waiter waiter(one(match("temperature", "22")));
    Device device{waiter};
    SUBCASE("the wrong value") {
        device.reports("temperature", "21.4");
        CHECK(nearest(waiter) == R"("temperature": "21.4" is not "22")");
    }
    SUBCASE("an alias spelled nearly so") {
        device.reports("temprature", "22");
        CHECK(nearest(waiter) == R"(it has "temprature", which is spelled nearly like "temperature")");
    }
    SUBCASE("an alias spelled nearly so, with another value") {
        device.reports("temprature", "23");
        CHECK(nearest(waiter) ==
              R"(it has "temprature", which is spelled nearly like "temperature", and "temprature": "23" is not "22")");
    }
    SUBCASE("another alias") {
        device.reports("humidity", "22");
        CHECK(nearest(waiter) == R"(it has "humidity", not "temperature")");
    }
    SUBCASE("another device") {
        device.identity = "d2";
        device.reports("temperature", "22");
        CHECK(nearest(waiter) == R"(it is of identity "d2", not "d1")");
    }
    SUBCASE("another connector") {
        device.connector = "c2";
        device.reports("temperature", "22");
        CHECK(nearest(waiter) == R"(it is of connector "c2", not "c1")");
    }
    SUBCASE("a broken rule on the way there") {
        device.breaks("R40.comma_for_point", "$resource/temperature");
        CHECK(nearest(waiter) == "the device broke a rule instead, R40.comma_for_point: It did wrong.");
    }
    SUBCASE("a broken rule of a connection that named no connector") {
        device.connector = device.identity = "";
        device.breaks("R3", "");
        CHECK(nearest(waiter) == "a connection that named no connector broke a rule, R3: It did wrong.");
    }
    SUBCASE("a broken rule on another connector, which is farther than all that is of the right one") {
        device.connector = "c2";
        device.identity = "d7";
        device.breaks("R28", "a/b");
        CHECK(nearest(waiter) == R"(a device of the connector "c2" broke a rule, R28: It did wrong.)");
        device.connector = "";
        device.breaks("R3", "");
        CHECK(nearest(waiter) == "a connection that named no connector broke a rule, R3: It did wrong.");
        device.connector = "c1";
        device.identity = "d1";
        device.breaks("R30", "a/b");
        CHECK(nearest(waiter) == "the device broke a rule instead, R30: It did wrong.");
    }
    SUBCASE("a remark on another connector is no broken rule") {
        device.connector = "c2";
        device.happens(EventType::finding, journal::FindingPayload{"R1", journal::Severity::info, "Not one byte.", "",
                                                                   "", std::nullopt, ""});
        CHECK(waiter.near_misses().empty());
    }
    SUBCASE("before the wait") {
        const journal::NamedValue value{"temperature", "22"};
        const journal::Report report{0, {&value, 1}};
        journal::Event event = SampleEvents::with(EventType::data_in, journal::DataPayload{{&report, 1}});
        event.connector = "c1";
        event.identity = "d1";
        waiter.take_earlier({50, event});
        CHECK(nearest(waiter) == "it fits, but came before the wait began: \"since\":49 would have counted it");
        event.identity = "d2";
        waiter.take_earlier({51, event});
        CHECK(waiter.near_misses().size() == 1);
    }
    SUBCASE("what has nothing to do with it is not told") {
        device.connector = "c2";
        device.identity = "d2";
        device.reports("humidity", "5");
        device.happens(EventType::connect, journal::NoPayload{});
        CHECK(waiter.near_misses().empty());
    }
}

TEST_CASE("near misses in time say by how much") {
    Match wanted = match("t", "1");
    wanted.filter.to_us = 99;
    Waiter late(one(wanted));
    Device device{late};
    device.reports("t", "1");
    CHECK(nearest(late) == "it came 1 µs too late, after to");
    wanted.filter.to_us.reset();
    wanted.filter.from_us = 130;
    Waiter early(one(wanted));
    Device second{early};
    second.reports("t", "1");
    CHECK(nearest(early) == "it came 30 µs too early, before from");
}

TEST_CASE("the nearest come first, of equals the newest, and no more than five") {
    Waiter waiter(one(match("temperature", "22")));
    Device device{waiter};
    device.reports("humidity", "22");
    for (int i = 0; i < 10; ++i) device.reports("temperature", std::to_string(i));
    device.reports("humidity", "22");
    const auto misses = waiter.misses();
    REQUIRE(misses.size() == Waiter::most_near_misses);
    CHECK(misses.front().why == R"("temperature": "9" is not "22")");
    CHECK(misses.back().why == R"("temperature": "5" is not "22")");
}

TEST_CASE("words for payload conditions") {
    struct Row {
        const char* condition;
        const char* text;
        const char* why;
    };
    const Row rows[] = {
        {"/a>=5", R"({"a":4})", R"("t": /a is 4, not >=5)"},
        {"/b>=5", R"({"a":4})", R"("t": there is no /b in it)"},
        {"/b>=5", "plain", R"("t": "plain" is no JSON)"},
        {">=5", "4", R"("t": the whole is 4, not >=5)"},
    };
    for (const Row& row : rows) {
        Match wanted = match("t");
        wanted.payload.jsonpath = std::get<journal::JsonCondition>(journal::JsonCondition::parse(row.condition));
        Waiter waiter(one(wanted));
        Device{waiter}.reports("t", row.text);
        CHECK(nearest(waiter) == row.why);
    }
    Match wanted = match("t");
    wanted.payload.contains = "x";
    Waiter contains(one(wanted));
    Device{contains}.reports("t", std::string(100, 'y'));
    CHECK(nearest(contains) == "\"t\": \"" + std::string(80, 'y') + "…\" does not contain \"x\"");
    wanted.payload.contains.reset();
    wanted.payload.regex = pattern("^a$");
    Waiter regex(one(wanted));
    Device{regex}.reports("t", "b");
    CHECK(nearest(regex) == R"("t": "b" does not match the regular expression ^a$)");
}
