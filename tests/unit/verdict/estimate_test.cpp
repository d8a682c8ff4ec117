#include "server/verdict/estimate.h"

#include "server/verdict/run.h"
#include "server/verdict/selection.h"

#include <chrono>

#include <doctest/doctest.h>

namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using verdict::Moment;
using verdict::Pace;

std::vector<const verdict::CheckRow*> rows_of(const std::string& suite) {
    return std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.suite = suite}));
}

Moment estimate_of(const std::string& suite, const Pace& pace, const verdict::Parameters& parameters = {}) {
    Moment all{0};
    for (const auto* row : rows_of(suite)) all += verdict::estimate(*row, pace, parameters);
    return all;
}

verdict::Parameters quick() {
    verdict::Parameters parameters;
    parameters.patience = seconds(20);
    parameters.max_backoff = seconds(8);
    return parameters;
}

}  // namespace

TEST_CASE("an estimate grows with the device's pauses, from minutes to more than an hour") {
    const Pace reference{.first_pause = seconds(1), .keep_alive = seconds(15), .report_interval = seconds(5)};
    const Pace modem{.first_pause = seconds(30), .keep_alive = seconds(120), .report_interval = seconds(60)};
    CHECK(estimate_of("quick", reference, quick()) < minutes(10));
    CHECK(estimate_of("full", reference) > estimate_of("quick", reference, quick()));
    CHECK(estimate_of("full", reference) < minutes(45));
    CHECK(estimate_of("full", modem) > minutes(60));
}

TEST_CASE("each act has an estimate, a watch check and an act that cannot be have none") {
    Pace pace{.asks_content = true};
    for (const auto* row : rows_of("full")) {
        CAPTURE(row->id);
        CHECK((verdict::estimate(*row, pace, {}) > Moment{0}) == (row->act != nullptr));
    }
    pace.keep_alive = seconds(121);
    pace.asks_content = false;
    for (const auto* row : rows_of("full"))
        if (row->id.starts_with("CNT-") || row->id.starts_with("KA-"))
            CHECK(verdict::estimate(*row, pace, {}) == Moment{0});
}

TEST_CASE("what is left of a run shrinks as its acts end, and is nothing at its end") {
    verdict::Run run({.subject = {.connector = "local", .identity = "d1", .expected_host = "h"},
                      .checks = rows_of("full"),
                      .watch_for = seconds(1)});
    const Moment before = run.left(Moment{0});
    CHECK(before > minutes(5));
    run.on({.at = seconds(1), .connection = 1, .cursor = 0, .seen = verdict::Accepted{"a"}});
    run.on({.at = seconds(1), .connection = 1, .cursor = 0, .seen = verdict::ConnackLeft{}});
    const Moment begun = run.left(seconds(1));
    CHECK(begun > Moment{0});
    CHECK(run.left(seconds(3)) < begun);
    run.abort("asked for", seconds(4));
    CHECK(run.left(seconds(4)) == Moment{0});
}
