#include "server/journal/event_codec.h"

#include "server/journal/event_names.h"
#include "server/runtime/metrics.h"
#include "tests/support/sample_events.h"
#include "tests/unit/journal/same_event.h"

#include <algorithm>
#include <limits>
#include <random>

#include <doctest/doctest.h>

using journal::EventReader;

namespace {

std::string encoded(const std::vector<journal::Event>& events, std::int64_t first_cursor) {
    std::string block;
    journal::EventWriter writer;
    for (const journal::Event& event : events) writer.append(block, first_cursor++, event);
    return block;
}

void check_reads_back(std::string_view block, const std::vector<journal::Event>& events, std::int64_t first_cursor) {
    EventReader reader(block);
    for (const journal::Event& event : events) {
        const auto recorded = reader.next();
        REQUIRE(recorded);
        CHECK(recorded->cursor == first_cursor++);
        CHECK(same(recorded->event, event));
    }
    CHECK(!reader.next());
    CHECK(!reader.damaged());
}

}  // namespace

TEST_CASE("every kind of event reads back as it was written, exact number text included [R40a]") {
    const SampleEvents samples;
    check_reads_back(encoded(samples.all(), 1), samples.all(), 1);
}

TEST_CASE("two blocks put together are a block") {
    const SampleEvents samples;
    const std::vector<journal::Event> events = samples.all();
    std::vector<journal::Event> twice = events;
    twice.insert(twice.end(), events.begin(), events.end());
    const auto next = static_cast<std::int64_t>(events.size()) + 100;
    check_reads_back(encoded(events, 100) + encoded(events, next), twice, 100);
}

TEST_CASE("what events of a connection have in common is written once, however many connections take turns") {
    std::mt19937_64 random(7);
    std::vector<std::string> ids(1000);
    for (auto& id : ids) id = std::to_string(random()).substr(0, 19);
    const std::array<journal::NamedValue, 1> value{{{"data_in", "x", journal::ValueKind::string}}};
    const std::array<journal::Report, 1> report{{{1'700'000'000'000'001, value}}};
    std::vector<journal::Event> events;
    for (int round = 0; round < 3; ++round) {
        for (const auto& id : ids) {
            events.push_back(SampleEvents::with(journal::EventType::data_in, journal::DataPayload{report}));
            events.back().connection_id = id;
            if (round == 2) events.back().identity = "renamed";
        }
    }
    check_reads_back(encoded(events, 1), events, 1);

    const auto size = [&](std::size_t from, std::size_t count) {
        return encoded({events.begin() + static_cast<std::ptrdiff_t>(from),
                        events.begin() + static_cast<std::ptrdiff_t>(from + count)},
                       1)
            .size();
    };
    journal::EventWriter writer;
    std::string block;
    for (int i = 0; i < 50; ++i) writer.append(block, i + 1, events[3]);
    CHECK(block.size() < 50 * size(3, 1) / 2);
    writer.begin_block();
    std::string next;
    writer.append(next, 51, events[3]);
    CHECK(next.size() == size(3, 1));
}

TEST_CASE("extreme times and cursors survive") {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    for (const std::int64_t time : {least, std::int64_t{-1}, std::int64_t{0}, most}) {
        for (const std::int64_t real : {least, std::int64_t{0}, most}) {
            const std::array<journal::Report, 2> reports{{{real, {}}, {time, {}}}};
            journal::Event event = SampleEvents::with(journal::EventType::data_in, journal::DataPayload{reports});
            event.timestamp_us = time;
            event.real_timestamp_us = real;
            check_reads_back(encoded({event}, most - 1), {event}, most - 1);
        }
    }
}

TEST_CASE("empty and large texts survive") {
    const std::string large(3'000'000, '\x80');
    const std::array<journal::NamedValue, 2> values{
        {{"", "", journal::ValueKind::string}, {large, large, journal::ValueKind::string}}};
    const std::array<journal::Report, 1> reports{{{5, values}}};
    const journal::Event event{.type = journal::EventType::data_in,
                               .connector = {},
                               .identity = {},
                               .connection_id = {},
                               .ip = {},
                               .payload = journal::DataPayload{reports}};
    check_reads_back(encoded({event, event}, 1), {event, event}, 1);
}

TEST_CASE("an ordinary report takes little more than its text") {
    const std::array<journal::NamedValue, 1> values{{{"data_in", "73.16492", journal::ValueKind::number}}};
    journal::Event event = SampleEvents::base(journal::EventType::data_in);
    const std::array<journal::Report, 1> reports{{{event.timestamp_us, values}}};
    event.payload = journal::DataPayload{reports};
    const std::size_t text = event.connector.size() + event.identity.size() + event.connection_id.size() +
                             event.ip.size() + values[0].alias.size() + values[0].text.size();
    CHECK(encoded({event}, 1'000'000).size() <= text + 32);
}

TEST_CASE("a block that was cut anywhere gives its whole records and then says that it is damaged") {
    const SampleEvents samples;
    std::string block;
    journal::EventWriter writer;
    std::vector<std::size_t> ends{0};
    for (const journal::Event& event : samples.all()) {
        writer.append(block, 1, event);
        ends.push_back(block.size());
    }
    for (std::size_t cut = 0; cut < block.size(); ++cut) {
        const std::string part = block.substr(0, cut);
        EventReader reader(part);
        std::size_t read = 0;
        while (reader.next()) ++read;
        const auto whole = static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), cut) - ends.begin()) - 1;
        CHECK(read == whole);
        CHECK(reader.damaged() == (ends[whole] != cut));
        CHECK(!reader.next());
    }
}

TEST_CASE("a wrong byte anywhere never reads outside of the block and never loops") {
    const SampleEvents samples;
    const std::string block = encoded(samples.all(), 1);
    std::mt19937 random(1);
    std::size_t damaged = 0;
    for (std::size_t at = 0; at < block.size(); ++at) {
        for (int round = 0; round < 8; ++round) {
            std::string wrong = block;
            wrong[at] = static_cast<char>(random());
            EventReader reader(wrong);
            std::size_t events = 0;
            while (reader.next()) ++events;
            CHECK(events <= block.size());
            if (reader.damaged()) ++damaged;
        }
    }
    CHECK(damaged > 100);
}

TEST_CASE("a count that cannot be true takes no memory") {
    const std::array<journal::Report, 1> reports{{{0, {}}}};
    std::string block;
    journal::Event event{.type = journal::EventType::data_in,
                         .connector = {},
                         .identity = {},
                         .connection_id = {},
                         .ip = {},
                         .payload = journal::DataPayload{reports}};
    journal::EventWriter().append(block, 1, event);
    // From the end: number of reports, number of values, distance, number of values of the report.
    const std::size_t counts = block.size() - 4;
    for (const std::size_t at : {counts, counts + 1, counts + 3}) {
        std::string wrong = block;
        wrong[at] = '\x7f';
        EventReader reader(wrong);
        CHECK(!reader.next());
        CHECK(reader.damaged());
    }
}

TEST_CASE("enumerations out of their range are damage") {
    const std::string block = encoded({SampleEvents::base(journal::EventType::connect)}, 1);
    for (const int head : {0x00, 0x0E, 0x0F, 0x91, 0xF1}) {
        std::string wrong = block;
        wrong[4] = static_cast<char>(head);
        CHECK(!EventReader(wrong).next());
    }
    for (const int protocol : {0, 4, 255}) {
        std::string wrong = block;
        wrong[5] = static_cast<char>(protocol);
        CHECK(!EventReader(wrong).next());
    }
}

TEST_CASE("an empty block holds nothing and is not damaged") {
    EventReader reader("");
    CHECK(!reader.next());
    CHECK(!reader.damaged());
}

TEST_CASE("metrics use the journal's words") {
    for (std::size_t type = 1; type <= journal::last_type_index; ++type) {
        CHECK(runtime::event_type_names.at(type) == journal::type_name(static_cast<journal::EventType>(type)));
    }
    CHECK(runtime::event_type_names.size() == journal::last_type_index + 1);
    for (std::size_t severity = 1; severity < runtime::severity_names.size(); ++severity) {
        CHECK(runtime::severity_names.at(severity) == journal::severity_name(static_cast<journal::Severity>(severity)));
    }
}

TEST_CASE("of a giant message that was cut off the beginning is read, and how much is missing") {
    journal::Event small;
    small.type = journal::EventType::connect;
    small.connector = "c";
    journal::Event giant = small;
    giant.type = journal::EventType::publish;
    const std::string payload(10'000, 'p');
    giant.payload = journal::PublishPayload{"topic", payload};
    const std::string block = encoded({small, giant}, 5);
    for (const std::size_t there : {std::size_t{200}, block.size() - 1}) {
        EventReader reader(std::string_view(block).substr(0, there), block.size() - there);
        REQUIRE(reader.next());
        const auto recorded = reader.next();
        REQUIRE(recorded);
        CHECK(recorded->cursor == 6);
        CHECK(recorded->missing == block.size() - there);
        const auto& read = std::get<journal::PublishPayload>(recorded->event.payload);
        CHECK(read.topic == "topic");
        CHECK(read.payload.size() + recorded->missing == payload.size());
        CHECK(!reader.next());
        CHECK(!reader.damaged());
    }
    EventReader wrong(std::string_view(block).substr(0, 200), block.size());
    REQUIRE(wrong.next());
    CHECK(!wrong.next());
    CHECK(wrong.damaged());
}

TEST_CASE("a report that was cut off is not read in part") {
    const std::string text(1000, 'v');
    const std::array<journal::NamedValue, 1> value{{{"data_in", text, journal::ValueKind::string}}};
    const std::array<journal::Report, 1> report{{{1'700'000'000'000'001, value}}};
    journal::Event event;
    event.type = journal::EventType::data_in;
    event.payload = journal::DataPayload{report};
    const std::string block = encoded({event}, 1);
    EventReader reader(std::string_view(block).substr(0, 100), block.size() - 100);
    CHECK(!reader.next());
    CHECK(reader.damaged());
}
