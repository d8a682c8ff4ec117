#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string events = "/_emulator/v1/events";
const std::string history = "/_emulator/v1/connectors/c1/identities/d/history";

void report(ApiWorld& world, std::string_view alias, std::string_view text, std::int64_t timestamp_us,
            journal::ValueKind kind = journal::ValueKind::string) {
    const journal::NamedValue value{alias, text, kind};
    const journal::Report one{timestamp_us, {&value, 1}};
    journal::Event event;
    event.type = journal::EventType::data_in;
    event.connector = "c1";
    event.identity = "d";
    event.timestamp_us = timestamp_us;
    event.payload = journal::DataPayload{{&one, 1}};
    world.control.commit_event(event);
}

void connect(ApiWorld& world, std::string_view connector) {
    journal::Event event;
    event.connector = connector;
    world.control.commit_event(event);
}

bool waits(net::LongPoll& poll) {
    const auto polled = poll.poll(false);
    const auto* not_yet = std::get_if<net::NotYet>(&polled);
    return not_yet != nullptr && *not_yet == net::NotYet::waits;
}

// What follows the events in a page.
std::string tail(const std::string& answer) {
    return answer.substr(answer.rfind(",\"next\""));
}
std::size_t count(const std::string& answer) {
    std::size_t found = 0;
    for (auto at = answer.find("\"cursor\""); at != std::string::npos; at = answer.find("\"cursor\"", at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("events come oldest first, in pages, with the cursor to continue from") {
    ApiWorld world;
    CHECK(world.client.said("GET", events) == R"(200 {"events":[],"next":0,"dropped":0})");
    world.control.dropped = 3;
    for (int i = 0; i < 5; ++i) connect(world, i % 2 == 0 ? "c1" : "c2");
    const std::string first = world.client.said("GET", events + "?limit=2");
    CHECK(count(first) == 2);
    CHECK(tail(first) == R"(,"next":2,"dropped":3})");
    CHECK(first.find(R"("cursor":1)") < first.find(R"("cursor":2)"));
    const std::string rest = world.client.said("GET", events + "?after=2");
    CHECK(count(rest) == 3);
    CHECK(tail(rest) == R"(,"next":5,"dropped":3})");
    CHECK(count(world.client.said("GET", events + "?after=5")) == 0);
    CHECK(tail(world.client.said("GET", events + "?after=99")) == R"(,"next":99,"dropped":3})");
}

TEST_CASE("a question about a long journal is answered in slices, and completely") {
    ApiWorld world;
    for (int i = 0; i < 2000; ++i) connect(world, i % 2 == 0 ? "c1" : "c2");
    for (const auto& [query, wanted] : {std::pair("?limit=10000", 2000U), std::pair("?connector=c2&wait=50", 1000U)}) {
        auto answer = world.client.ask("GET", events + query);
        auto& poll = std::get<net::LongPoll>(answer);
        auto polled = poll.poll(false);
        CHECK(std::get<net::NotYet>(polled) == net::NotYet::goes_on);
        const std::string body = test::ApiClient::to_its_end(poll).body;
        CHECK(count(body) == wanted);
        CHECK(tail(body) == R"(,"next":2000,"dropped":0})");
    }
}

TEST_CASE("a stream from far back comes in pieces that say whether there is more") {
    ApiWorld world;
    for (int i = 0; i < 1000; ++i) connect(world, "c1");
    auto answer = world.client.ask("GET", events, "", {{"Accept", "text/event-stream"}});
    auto& stream = std::get<net::EventStream>(answer);
    std::size_t seen = 0;
    auto piece = stream.more();
    for (; piece.goes_on; piece = stream.more()) seen += count(piece.bytes);
    CHECK(seen + count(piece.bytes) == 1000);
    CHECK(stream.more().bytes.empty());
}

TEST_CASE("filters select events, and next steps over what they leave out") {
    ApiWorld world;
    for (int i = 0; i < 5; ++i) connect(world, i % 2 == 0 ? "c1" : "c2");
    const std::string answer = world.client.said("GET", events + "?connector=c2&type=connect");
    CHECK(count(answer) == 2);
    CHECK(tail(answer) == R"(,"next":5,"dropped":0})");
    CHECK(count(world.client.said("GET", events + "?type=publish")) == 0);
}

TEST_CASE("bad filters are told, with the parameter at fault") {
    ApiWorld world;
    struct Row {
        const char* query;
        const char* path;
    };
    const Row rows[] = {{"type=data_inn", "?type"}, {"topic=a%23", "?topic"},  {"from=x", "?from"},
                        {"limit=0", "?limit"},      {"limit=10001", "?limit"}, {"after=-1", "?after"},
                        {"wait=x", "?wait"},        {"wait=600001", "?wait"},  {"identty=1", "?identty"}};
    for (const Row& row : rows) {
        CAPTURE(row.query);
        const auto answer = world.client.response("GET", events + '?' + row.query);
        CHECK(answer.status == 400);
        CHECK(answer.body.find(std::string("\"path\":\"") + row.path) != std::string::npos);
    }
}

TEST_CASE("a long poll answers with the first event that fits, or empty when its time is over") {
    ApiWorld world;
    connect(world, "c1");
    auto answer = world.client.ask("GET", events + "?wait=1000&after=1&connector=c2");
    auto& poll = std::get<net::LongPoll>(answer);
    CHECK(poll.wait_ms == 1000);
    CHECK(waits(poll));
    connect(world, "c1");
    CHECK(waits(poll));
    connect(world, "c2");
    const auto found = std::get<net::HttpResponse>(poll.poll(false));
    CHECK(count(found.body) == 1);
    CHECK(tail(found.body) == R"(,"next":3,"dropped":0})");
    auto late = world.client.ask("GET", events + "?wait=5&after=3");
    const auto empty = std::get<net::HttpResponse>(std::get<net::LongPoll>(late).poll(true));
    CHECK(empty.body == R"({"events":[],"next":3,"dropped":0})");
}

TEST_CASE("a stream of server-sent events goes on with what comes, and resumes where it was cut") {
    ApiWorld world;
    for (int i = 0; i < 3; ++i) connect(world, "c1");
    const test::Fields accept{{"Accept", "text/event-stream"}};
    auto answer = world.client.ask("GET", events + "?after=1", "", accept);
    auto& stream = std::get<net::EventStream>(answer);
    CHECK(stream.head.stream);
    CHECK(stream.head.field("Content-Type") == "text/event-stream");
    const std::string first = stream.more().bytes;
    CHECK(first.starts_with("id: 2\ndata: {\"cursor\":2,"));
    CHECK(first.find("id: 3\n") != std::string::npos);
    CHECK(stream.more().bytes.empty());
    connect(world, "c1");
    CHECK(stream.more().bytes.starts_with("id: 4\n"));
    auto again = world.client.ask("GET", events, "", {{"Accept", "text/event-stream"}, {"Last-Event-ID", "3"}});
    CHECK(std::get<net::EventStream>(again).more().bytes.starts_with("id: 4\n"));
    auto head = world.client.ask("HEAD", events + "?wait=5");
    CHECK(std::get<net::LongPoll>(head).wait_ms == 0);
}

TEST_CASE("waking reaches who watches, until unwatched") {
    ApiWorld world;
    int woken = 0;
    const auto watch = world.api->watch([&] { ++woken; });
    connect(world, "c1");
    world.api->unwatch(watch);
    connect(world, "c1");
    CHECK(woken == 1);
}

TEST_CASE("history is by timestamp, typed, with exact numbers [R40a]") {
    ApiWorld world;
    CHECK(world.client.response("GET", history).status == 404);
    world.control.add_identity("c1", "d");
    report(world, "n", "73.16492", 30, journal::ValueKind::number);
    report(world, "s", "x", 10);
    report(world, "b", "true", 20, journal::ValueKind::boolean);
    CHECK(world.client.said("GET", history) ==
          R"(200 {"values":[{"alias":"s","value":"x","timestamp":10},{"alias":"b","value":true,"timestamp":20},)"
          R"({"alias":"n","value":73.16492,"timestamp":30}]})");
    CHECK(world.client.said("GET", history + "?from=20&to=20") ==
          R"(200 {"values":[{"alias":"b","value":true,"timestamp":20}]})");
    CHECK(world.client.said("GET", history + "?limit=1") ==
          R"(200 {"values":[{"alias":"s","value":"x","timestamp":10}]})");
    CHECK(world.client.said("GET", history + "?alias=none") == R"(200 {"values":[]})");
    report(world, "s", "\xff", 40);
    CHECK(world.client.said("GET", history + "?from=40") ==
          R"(200 {"values":[{"alias":"s","value":"/w==","encoding":"base64","timestamp":40}]})");
    for (const char* bad : {"limit=0", "from=x", "to=-1"}) {
        CAPTURE(bad);
        CHECK(world.client.response("GET", history + '?' + bad).status == 400);
    }
}

TEST_CASE("history for a plot is spread over all values of each resource") {
    ApiWorld world;
    world.control.add_identity("c1", "d");
    for (int i = 0; i < 1000; ++i) report(world, "a", std::to_string(i), 1'000 + i, journal::ValueKind::number);
    report(world, "b", "7", 5'000, journal::ValueKind::number);
    const auto all = [&](const std::string& query) { return world.client.response("GET", history + query).body; };
    const auto count = [](const std::string& text, const std::string& part) {
        std::size_t found = 0;
        for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
        return found;
    };
    for (const std::size_t points : {2U, 10U, 100U, 999U}) {
        CAPTURE(points);
        const std::string shown = all("?points=" + std::to_string(points));
        CHECK(count(shown, R"("alias":"a")") <= points);
        CHECK(count(shown, R"("alias":"a")") >= points / 2);
        CHECK(count(shown, R"("alias":"b")") == 1);
        CHECK(shown.find(R"("value":0,)") != std::string::npos);
        CHECK(shown.rfind(R"("alias":"a")") > shown.find(R"("alias":"a")"));
    }
    CHECK(count(all("?points=1000"), R"("alias":"a")") == 1000);
    CHECK(count(all("?points=10&from=1990"), R"("alias":"a")") == 10);
    CHECK(world.client.response("GET", history + "?points=1").status == 400);
}

TEST_CASE("history is of that device alone") {
    ApiWorld world;
    world.control.add_identity("c1", "e");
    report(world, "s", "x", 10);
    CHECK(world.client.said("GET", "/_emulator/v1/connectors/c1/identities/e/history") == R"(200 {"values":[]})");
}

TEST_CASE("events of a connector that does not exist are an error that names the nearest") {
    ApiWorld world;
    connect(world, "boiler");
    CHECK(
        world.client.said("GET", events + "?connector=boller") ==
        R"(404 {"error":{"code":"not_found","message":"there is no connector \"boller\"; did you mean \"boiler\"?","path":"?connector"}})");
    CHECK(world.client.response("GET", events + "?connector=boller", "", {{"Accept", "text/event-stream"}}).status ==
          404);
    CHECK(world.client.response("GET", events + "?connector=boiler").status == 200);
}

namespace {

void publish(ApiWorld& world, std::string_view payload) {
    journal::Event event;
    event.type = journal::EventType::publish;
    event.connector = "c1";
    event.payload = journal::PublishPayload{"t", payload};
    world.control.commit_event(event);
}

}  // namespace

TEST_CASE("a page ends when its text is long, and its cursor goes on behind it") {
    ApiWorld world;
    world.services.options.max_event_page_bytes = 100'000;
    const std::string control_characters(1024 * 1024, '\1');
    for (int i = 0; i < 5; ++i) publish(world, control_characters);
    const std::string first = world.client.said("GET", events);
    CHECK(count(first) == 1);
    CHECK(first.find(R"("truncated":true,"length":1048576)") != std::string::npos);
    CHECK(tail(first) == R"(,"next":1,"dropped":0})");
    CHECK(tail(world.client.said("GET", events + "?after=4")) == R"(,"next":5,"dropped":0})");
    auto answer = world.client.ask("GET", events);
    auto& poll = std::get<net::LongPoll>(answer);
    CHECK(poll.held_bytes() == 0);
}

TEST_CASE("logs of a solution end when their text is long, with the newest") {
    ApiWorld world;
    world.services.options.max_event_page_bytes = 1'000'000;
    const std::string control_characters(1024 * 1024, '\1');
    for (int i = 0; i < 20; ++i) publish(world, control_characters);
    const std::string logs = world.client.said("GET", "/api:1/solution/c1/logs");
    CHECK(logs.size() < 1'500'000);
    CHECK(count(logs) == 2);
    CHECK(logs.find(R"("cursor":20)") < logs.find(R"("cursor":19)"));
}

TEST_CASE("the whole payload of an event comes in pieces, by a call of its own") {
    ApiWorld world;
    const std::string large = std::string(300'000, 'x') + "end";
    publish(world, large);
    report(world, "a", "21.50", 5);
    connect(world, "c1");
    const auto got = [&world](const std::string& which) {
        auto answer = world.client.ask("GET", events + "/" + which);
        if (const auto* refused = std::get_if<net::HttpResponse>(&answer)) return std::to_string(refused->status);
        auto& stream = std::get<net::EventStream>(answer);
        CHECK(stream.head.field("Content-Disposition") == "attachment");
        CHECK(stream.head.field("X-Content-Type-Options") == "nosniff");
        CHECK(stream.held_bytes > 0);
        std::string all;
        while (true) {
            const auto piece = stream.more();
            CHECK(piece.bytes.size() <= 128 * 1024);
            all += piece.bytes;
            if (piece.ends) return all;
        }
    };
    CHECK(got("1/payload") == large);
    CHECK(got("2/payload") == "21.50");
    CHECK(got("2/payload?value=1") == "404");
    CHECK(got("3/payload") == "404");
    CHECK(got("4/payload") == "404");
    CHECK(got("x/payload") == "400");
    CHECK(got("0/payload") == "400");
}

TEST_CASE("last begins with the newest events, however many there are") {
    ApiWorld world;
    for (int i = 0; i < 5; ++i) report(world, "a", std::to_string(i), 1'000 + i);
    const auto count = [&](const std::string& query) {
        const std::string answer = world.client.response("GET", events + query).body;
        std::size_t found = 0;
        for (auto at = answer.find("\"cursor\""); at != std::string::npos; at = answer.find("\"cursor\"", at + 1))
            ++found;
        return found;
    };
    CHECK(count("?last=2") == 2);
    CHECK(count("?last=0") == 0);
    CHECK(count("?last=100") == 5);
    CHECK(count("?last=4&after=3") == 2);
    CHECK(world.client.response("GET", events + "?last=-1").status == 400);
    CHECK(world.client.response("GET", events + "?last=all").status == 400);
}
