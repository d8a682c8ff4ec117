#include "tests/support/api_client.h"

#include <optional>

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string wait_call = "/_emulator/v1/wait";

void report(ApiWorld& world, std::string_view alias, std::string_view text) {
    const journal::NamedValue value{alias, text};
    const journal::Report one{5, {&value, 1}};
    journal::Event event;
    event.type = journal::EventType::data_in;
    event.connector = "c1";
    event.identity = "d";
    event.payload = journal::DataPayload{{&one, 1}};
    world.control.commit_event(event);
}

// A call that has been made and is not answered yet.
struct Call {
    Call(ApiWorld& world, const std::string& body)
        : poll(std::get<net::LongPoll>(world.client.ask("POST", wait_call, body))) {}

    std::string said(bool last = false) {
        while (true) {
            const auto polled = poll.poll(last);
            if (const auto* answer = std::get_if<net::HttpResponse>(&polled)) {
                return std::to_string(answer->status) + ' ' + answer->body;
            }
            if (std::get<net::NotYet>(polled) == net::NotYet::waits) return {};
        }
    }
    net::LongPoll poll;
};

const std::string temperature = R"({"match":{"connector":"c1","type":"data_in","alias":"t","equals":"1"})";

}  // namespace

TEST_CASE("a wait answers with the event once it has happened") {
    ApiWorld world;
    report(world, "t", "1");  // before: does not count
    Call call(world, temperature + "}");
    CHECK(call.poll.wait_ms == 10'000);
    CHECK(call.said().empty());
    report(world, "t", "2");
    CHECK(call.said().empty());
    report(world, "t", "1");
    const std::string answer = call.said();
    CHECK(answer.starts_with(R"(200 {"events":[{"cursor":3,"type":"data_in")"));
    CHECK(answer.ends_with(R"(],"next":3})"));
}

TEST_CASE("events after the cursor in since count, whenever they happened") {
    ApiWorld world;
    report(world, "t", "1");
    report(world, "t", "1");
    Call call(world, temperature + R"(,"since":0})");
    const std::string answer = call.said();
    CHECK(answer.starts_with(R"(200 {"events":[{"cursor":1,)"));
    CHECK(answer.ends_with(R"(],"next":1})"));
}

TEST_CASE("a miss is a 408 with what came near") {
    ApiWorld world;
    report(world, "t", "1");
    Call call(world, temperature + R"(,"within_ms":50})");
    CHECK(call.poll.wait_ms == 50);
    report(world, "t", "2");
    const std::string answer = call.said(true);
    CHECK(answer.starts_with(
        R"(408 {"error":{"code":"timeout","message":"the time is over: 0 events that fit came, at least 1 was wanted","path":""},"near_misses":[{"event":{"cursor":1)"));
    CHECK(answer.find(R"("why":"it fits, but came before the wait began: \"since\":0 would have counted it")") !=
          std::string::npos);
    CHECK(answer.find(R"("why":"\"t\": \"2\" is not \"1\"")") != std::string::npos);
    CHECK(answer.ends_with(R"(],"next":2})"));
}

TEST_CASE("exactly is judged at the end") {
    ApiWorld world;
    Call none(world, temperature + R"(,"count":{"exactly":0}})");
    Call one(world, temperature + R"(,"count":{"exactly":1}})");
    report(world, "t", "1");
    CHECK(none.said().empty());
    CHECK(one.said().empty());
    CHECK(none.said(true).starts_with("408 "));
    CHECK(one.said(true).starts_with(R"(200 {"events":[{"cursor":1,)"));
    Call quiet(world, temperature + R"(,"count":{"exactly":0}})");
    CHECK(quiet.said(true) == R"(200 {"events":[],"next":1})");
}

TEST_CASE("a sequence") {
    ApiWorld world;
    Call call(world, R"({"sequence":[{"alias":"a"},{"alias":"b","jsonpath":"=2"}]})");
    report(world, "b", "2");
    report(world, "a", "1");
    CHECK(call.said().empty());
    report(world, "b", "2");
    CHECK(call.said().ends_with(R"(],"next":3})"));
}

TEST_CASE("what cannot be waited for is refused with its path") {
    ApiWorld world;
    struct Row {
        const char* body;
        const char* path;
    };
    const Row rows[] = {
        {"{}", "$"},
        {"[]", "$"},
        {R"({"match":{},"sequence":[{}]})", "$.sequence"},
        {R"({"match":5})", "$.match"},
        {R"({"match":{"typ":"connect"}})", "$.match.typ"},
        {R"({"match":{"type":"data_inn"}})", "$.match.type"},
        {R"({"match":{"type":["connect",1]}})", "$.match.type[1]"},
        {R"({"match":{"topic":"a#"}})", "$.match.topic"},
        {R"({"match":{"from":"x"}})", "$.match.from"},
        {R"({"match":{"from":1.5}})", "$.match.from"},
        {R"({"match":{"alias":5}})", "$.match.alias"},
        {R"({"match":{"contains":5}})", "$.match.contains"},
        {R"({"match":{"regex":"("}})", "$.match.regex"},
        {R"({"match":{"jsonpath":"$.a=1"}})", "$.match.jsonpath"},
        {R"({"sequence":[]})", "$.sequence"},
        {R"({"sequence":{}})", "$.sequence"},
        {R"({"sequence":[{},{"regex":"["}]})", "$.sequence[1].regex"},
        {R"({"sequence":[{}],"count":{"at_least":2}})", "$.count"},
        {R"({"match":{},"count":2})", "$.count"},
        {R"({"match":{},"count":{}})", "$.count"},
        {R"({"match":{},"count":{"exactly":1,"at_least":1}})", "$.count"},
        {R"({"match":{},"count":{"exactly":-1}})", "$.count.exactly"},
        {R"({"match":{},"count":{"at_least":0}})", "$.count.at_least"},
        {R"({"match":{},"count":{"at_least":1001}})", "$.count.at_least"},
        {R"({"match":{},"within_ms":600001})", "$.within_ms"},
        {R"({"match":{},"within_ms":"5s"})", "$.within_ms"},
        {R"({"match":{},"since":-1})", "$.since"},
        {R"({"match":{},"sinse":1})", "$.sinse"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.body);
        const std::string answer = world.client.said("POST", wait_call, row.body);
        CAPTURE(answer);
        CHECK(answer.starts_with("400 "));
        CHECK(answer.find(std::string(R"("path":")") + row.path + '"') != std::string::npos);
    }
    std::string many = R"({"sequence":[{})";
    for (int i = 0; i < 100; ++i) many += ",{}";
    CHECK(world.client.said("POST", wait_call, many + "]}").find("1 to 100 matches") != std::string::npos);
}

TEST_CASE("no more than a thousand wait at a time") {
    ApiWorld world;
    std::vector<std::optional<Call>> calls(1000);
    for (auto& call : calls) call.emplace(world, R"({"match":{}})");
    CHECK(world.client.said("POST", wait_call, R"({"match":{}})").starts_with("503 "));
    calls.pop_back();
    Call fits(world, R"({"match":{}})");
    CHECK(fits.said().empty());
}
