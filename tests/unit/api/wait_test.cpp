#include "tests/support/api_client.h"

#include <optional>

#include <doctest/doctest.h>

namespace {

// The connector that the calls name is there.
struct ApiWorld : test::ApiWorld {
    ApiWorld() { control.settings.try_emplace("c1"); }
};

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
        R"json(408 {"error":{"code":"timeout","message":"timed out after 50ms: no matching data_in event (wanted at least 1)","path":""},"near_misses":[{"event":{"cursor":1)json"));
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

TEST_CASE("a wait for a connector that does not exist is an error that names the nearest") {
    ApiWorld world;
    world.control.settings.try_emplace("boiler");
    CHECK(
        world.client.said("POST", wait_call, R"({"match":{"connector":"boller"},"count":{"exactly":0}})") ==
        R"(404 {"error":{"code":"not_found","message":"there is no connector \"boller\"; did you mean \"boiler\"?","path":"$.match.connector"}})");
    const std::string second = world.client.said("POST", wait_call, R"({"sequence":[{},{"connector":"zzzzzz"}]})");
    CHECK(
        second.starts_with(R"(404 {"error":{"code":"not_found","message":"there is no connector \"zzzzzz\"","path":)"));
    CHECK(second.find("$.sequence[1].connector") != std::string::npos);
    CHECK(world.client.said("POST", wait_call, R"({"match":{"connector":"local"},"count":{"exactly":0},"within_ms":0})")
              .starts_with("200 "));  // the default one is made when it is needed
}

TEST_CASE("a wait whose time is over before everything is looked at ends in time, and says where to go on") {
    ApiWorld world;
    const std::string letters(500, 'a');
    for (int i = 0; i < 2000; ++i) report(world, "t", letters);
    const std::string pattern = R"({"match":{"connector":"c1","regex":"^(([a-z])+.)+[A-Z]([a-z])+$"},"since":0)";
    Call begun(world, pattern + R"(,"within_ms":200})");
    auto polled = begun.poll.poll(false);
    CHECK(std::get<net::NotYet>(polled) == net::NotYet::goes_on);  // a slice of it
    polled = begun.poll.poll(true);                                // the time is over
    CHECK(std::get<net::NotYet>(polled) == net::NotYet::goes_on);  // for what came near
    const std::string answer = begun.said(true);
    CHECK(answer.starts_with("408 "));
    CHECK(answer.find("there was no time to look at the events after cursor ") != std::string::npos);
    CHECK_FALSE(answer.ends_with(R"("next":2000})"));
    Call whole(world, pattern + R"(,"within_ms":0})");  // no time to keep: what is there is looked at
    CHECK(whole.said(true).ends_with(R"("next":2000})"));
    Call early(world, R"({"match":{"connector":"c1"},"count":{"exactly":0},"since":0,"within_ms":1})");
    (void)early.poll.poll(false);
    CHECK(early.said(true).starts_with("408 "));
}

TEST_CASE("what a wait has found so far counts for the memory budget, and near misses are cursors only") {
    ApiWorld world;
    const std::string large(1024 * 1024, 'a');
    Call misses(world, R"({"match":{"connector":"c1","type":"data_in","regex":"zzz"}})");
    Call finds(world, R"({"match":{"connector":"c1","type":"data_in"},"count":{"at_least":100}})");
    for (int i = 0; i < 6; ++i) report(world, "t", large);
    CHECK(misses.said().empty());
    CHECK(finds.said().empty());
    CHECK(misses.poll.held_bytes() == 0);
    CHECK(finds.poll.held_bytes() > 0);
    const std::string answer = misses.said(true);
    CHECK(answer.find(R"({"event":{"cursor":6,)") != std::string::npos);
}

TEST_CASE("a wait without time judges what had happened when it was asked, not what comes while it looks") {
    ApiWorld world;
    report(world, "t", "1");
    Call now(world, temperature + R"(,"count":{"exactly":0},"within_ms":0})");
    Call all(world, temperature + R"(,"count":{"exactly":1},"since":0,"within_ms":0})");
    report(world, "t", "1");
    CHECK(now.said(true) == R"(200 {"events":[],"next":1})");
    CHECK(all.said(true).ends_with(R"(],"next":1})"));
}
