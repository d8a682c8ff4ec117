#include "server/journal/event_codec.h"
#include "server/verdict/suite/steps_act.h"
#include "tests/unit/verdict/turn.h"

#include <string>

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

Turn steps(const std::string& list, const std::string& timeout = "60") {
    config::Problems problems;
    const auto file = verdict::suite::read_suite(
        R"({"suite":"S","checks":[{"id":"A-1","timeout_s":)" + timeout + R"(,"steps":[)" + list + "]}]}", "s",
        problems);
    REQUIRE_MESSAGE(file.has_value(), problems.error_text());
    return Turn(verdict::suite::act_of_steps(file->custom.front()));
}

// The device reports; in the journal.
Turn& reported(Turn& told, std::string_view alias, std::string_view text, std::string_view identity = "d1") {
    const journal::NamedValue value{alias, text, journal::ValueKind::string};
    const journal::Report report{1, std::span(&value, 1)};
    journal::Recorded event{.cursor = 5, .event = {}};
    event.event.type = journal::EventType::data_in;
    event.event.connector = "local";
    event.event.identity = identity;
    event.event.payload = journal::DataPayload{std::span(&report, 1)};
    return told.see(0, verdict::Journalled{&event});
}

constexpr const char* valve_closes =
    R"({"set":{"valve":"closed","level":2.50}},
       {"expect":{"type":"data_in","alias":"valve","equals":"closed"},"within":"5s","hint":"Look at the valve."})";

}  // namespace

TEST_CASE("[Suite] set, then the report that was expected") {
    Turn told = steps(valve_closes);
    told.begin();
    CHECK(told.count<verdict::SetValue>() == 2);
    CHECK(told.last<verdict::SetValue>().text == "2.50");
    CHECK(told.waits() == 5 * second);
    reported(reported(told, "valve", "closed", "another device"), "level", "2.50");
    CHECK_FALSE(told.over());
    CHECK(reported(told, "valve", "closed").outcome() == Outcome::passed);
    CHECK(told.result().evidence == std::vector<std::uint64_t>{5});
}

TEST_CASE("[Suite] an expectation that is not met names the step, what came near, and the hint") {
    Turn told = steps(valve_closes);
    reported(told.begin(), "valve", "open").in_vain();
    CHECK(told.outcome() == Outcome::failed);
    CHECK(
        told.result().message.starts_with("At step 2 of 2 (expect), it did not come within 5.00 s; what came near: "));
    CHECK(told.result().message.find("open") != std::string::npos);
    CHECK(told.result().hint == "Look at the valve.");
    CHECK(steps(valve_closes).begin().in_vain().result().message ==
          "At step 2 of 2 (expect), it did not come within 5.00 s.");
}

TEST_CASE("[Suite] what must never come fails when it comes, and passes when the time is over") {
    const std::string never = R"({"never":{"type":"data_in","identity":"$identity"},"for":"10s"})";
    Turn came = steps(never);
    CHECK(reported(came.begin(), "a", "1").outcome() == Outcome::failed);
    CHECK(came.result().message.starts_with("At step 1 of 1 (never), it came: {"));
    Turn quiet = steps(never);
    CHECK(reported(quiet.begin(), "a", "1", "other").in_vain().outcome() == Outcome::passed);
    CHECK(quiet.result().message == "The one step passed.");
}

TEST_CASE("[Suite] steps that take no time are ordered in their order") {
    Turn told =
        steps(R"({"fault":{"kind":"withhold","packet":"PUBACK","times":2}},{"publish":{"topic":"t","payload":"p"}},
        {"advance":"25h"},{"clear":true},{"disconnect":true},{"wait":"2s"})");
    told.begin();
    CHECK(told.first_fault() == R"({"kind":"withhold","packet":"PUBACK","times":2})");
    CHECK(told.last<verdict::PublishTo>().payload == "p");
    CHECK(told.last<verdict::AdvanceClock>().by == std::chrono::hours(25));
    CHECK(told.count<verdict::Disarm>() == 1);
    CHECK(told.count<verdict::Disconnect>() == 1);
    CHECK(told.waits() == 2 * second);
    CHECK(told.in_vain().outcome() == Outcome::passed);
}

TEST_CASE("[Suite] a hook is called and waited for; without it the check is not run") {
    const std::string cycle = R"({"hook":"power_cycle"},{"wait":"1s"})";
    CHECK(steps(cycle).begin().outcome() == Outcome::not_run);
    Turn told = steps(cycle);
    told.hooks({"power_cycle"}).begin().answer_hook("report");
    CHECK(told.count<verdict::CallHook>() == 1);
    CHECK(told.waits() == 60 * second);
    CHECK(told.answer_hook("power_cycle").in_vain().outcome() == Outcome::passed);
}

TEST_CASE("[Suite] the check's own time ends any step") {
    Turn told = steps(R"({"wait":"20s"},{"wait":"20s"})", "30");
    told.begin().in_vain();
    CHECK(told.waits() == 10 * second);
    told.in_vain();
    CHECK(told.result().message == "At step 2 of 2 (wait), the check's time of 30.0 s was over.");
    Turn exact = steps(R"({"wait":"30s"})", "30");
    CHECK(exact.begin().in_vain().outcome() == Outcome::passed);
}
