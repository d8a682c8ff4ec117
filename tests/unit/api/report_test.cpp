#include "tests/support/api_client.h"

#include <doctest/doctest.h>

using test::ApiWorld;

namespace {

const std::string report = "/_emulator/v1/report";

void finding(ApiWorld& world, std::string_view connector, std::string_view message,
             journal::Severity severity = journal::Severity::violation) {
    journal::Event event;
    event.type = journal::EventType::finding;
    event.connector = connector;
    event.identity = connector.empty() ? "" : "d";
    event.payload = journal::FindingPayload{"R28.dup_with_qos_0", severity, message, "Do not.", "", std::nullopt, ""};
    world.control.commit_event(event);
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a report folds what is repeated, of all connectors and of none") {
    ApiWorld world;
    CHECK(world.client.said("GET", report + "?format=text") == "200 no findings\n");
    for (int i = 0; i < 3; ++i) finding(world, "c1", "It did wrong.");
    finding(world, "c2", "It did wrong.");
    finding(world, "", "No name.");
    const auto text = world.client.said("GET", report + "?format=text");
    CHECK(has(text, "violation R28.dup_with_qos_0  c1  d  3 times, first "));
    CHECK(has(text, "violation R28.dup_with_qos_0  c2  d  -\n"));
    CHECK(has(text, "violation R28.dup_with_qos_0  -  (anonymous)  -\n"));
    CHECK(text.ends_with("\n3 violations (5 times)\n"));
    CHECK(world.client.said("GET", report + "?format=text&all=true").ends_with("\n5 violations\n"));
    CHECK(world.client.said("GET", report + "?format=text&connector=c2").ends_with("\n1 violation\n"));
    CHECK(world.client.said("GET", report + "?format=text&since=3").ends_with("\n2 violations\n"));
    CHECK(world.client.said("GET", report + "?format=text&rule=R29") == "200 no findings\n");
    CHECK(world.client.said("GET", report + "?format=text&rule=R28").ends_with("\n3 violations (5 times)\n"));
    CHECK(world.client.said("GET", report + "?format=text&code=R28.dup_with_qos_0")
              .ends_with("\n3 violations (5 times)\n"));
    CHECK(world.client.said("GET", report + "?format=text&code=R40.nan") == "200 no findings\n");
    CHECK(has(world.client.said("GET", report + "?code=R28"), "\"path\":\"?code\""));
    CHECK(world.client.said("GET", report + "?format=text&identity=d").ends_with("\n2 violations (4 times)\n"));
    CHECK(has(world.client.said("GET", report), R"("count":3,)"));
    CHECK(world.client.response("GET", report + "?format=junit").field("Content-Type") == "application/xml");
}

TEST_CASE("a report over a long journal is made in slices, and what came meanwhile is not waited for") {
    ApiWorld world;
    for (int i = 0; i < 3000; ++i) finding(world, "c1", i % 2 == 0 ? "It did wrong." : "It did worse.");
    auto answer = world.client.ask("GET", report + "?format=text&all=true");
    auto& poll = std::get<net::LongPoll>(answer);
    CHECK(poll.wait_ms == 0);
    auto polled = poll.poll(true);
    CHECK(std::get<net::NotYet>(polled) == net::NotYet::goes_on);
    finding(world, "c1", "It came later.");
    CHECK(poll.held_bytes() > 0);
    CHECK(test::ApiClient::to_its_end(poll).body.ends_with("\n3000 violations\n"));
    CHECK(world.client.said("GET", report + "?format=text").ends_with("\n3 violations (3001 times)\n"));
}

TEST_CASE("a report is bounded, and says what it leaves out") {
    ApiWorld world;
    world.services.options.max_event_page_bytes = 2000;
    world.api = api::make_control_api(world.services);
    test::ApiClient client(*world.api);
    for (int i = 0; i < 100; ++i) finding(world, "c1", "It did wrong.", journal::Severity::warning);
    const auto text = client.said("GET", report + "?format=text&all=true");
    CHECK(has(text, "findings more have no entry here"));
    CHECK(text.ends_with("\n100 warnings\n"));
    CHECK(text.size() < 4000);
}

TEST_CASE("a bad question about findings is told where it is wrong, an unknown connector with the nearest one") {
    ApiWorld world;
    finding(world, "gadget", "It did wrong.");
    for (const auto* query : {"format", "fail_on", "all", "since", "conector"}) {
        const auto answer = world.client.response("GET", report + "?" + query + "=x");
        CHECK(answer.status == 400);
        CHECK(has(answer.body, "\"path\":\"?" + std::string(query) + "\""));
    }
    CHECK(world.client.said("GET", report + "?connector=gadet") ==
          R"(404 {"error":{"code":"not_found","message":"there is no connector \"gadet\"; did you mean \"gadget\"?",)"
          R"("path":"?connector"}})");
}
