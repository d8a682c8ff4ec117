#include "server/verdict/runs.h"

#include "server/verdict/selection.h"

#include <string>

#include <doctest/doctest.h>

namespace {

using verdict::Outcome;
using verdict::Runs;
using verdict::Steady;

constexpr Steady second = std::chrono::seconds(1);

verdict::RunPlan plan(std::string identity, const std::vector<std::string>& only = {"CON-01", "TLS-01"}) {
    return {.subject = {.connector = "local", .identity = std::move(identity), .expected_host = "h"},
            .checks = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = only}))};
}

std::string start(Runs& runs, const std::string& identity) {
    return std::get<verdict::Started>(runs.start(plan(identity), "quick", 0, Steady{0})).id;
}

void connects(Runs& runs, std::string_view connection, std::string_view identity, std::string_view ip = "10.0.0.1",
              std::string_view connector = "local") {
    runs.saw({.connection = connection, .ip = ip, .seen = verdict::Accepted{"127.0.0.1"}}, second);
    verdict::ClientHello hello;
    hello.best_version = 0x0303;
    runs.saw({.connection = connection, .connector = connector, .ip = ip, .seen = hello}, second);
    verdict::ConnectCame connect;
    connect.packet.protocol_name = "MQTT";
    connect.packet.level = 4;
    connect.with_credential = true;
    runs.saw({.connection = connection, .connector = connector, .identity = identity, .ip = ip, .seen = connect},
             second);
    runs.saw({.connection = connection,
              .connector = connector,
              .identity = identity,
              .ip = ip,
              .seen = verdict::ConnackLeft{}},
             second);
}

}  // namespace

TEST_CASE("a run hears what its device's connection did before it was known") {
    Runs runs(10);
    const std::string id = start(runs, "d1");
    connects(runs, "c1", "d1");
    const auto checks = runs.find(id)->run.checks();
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].result.outcome == Outcome::passed);
    CHECK(checks[1].result.outcome == Outcome::passed);
}

TEST_CASE("runs on several devices hear each its own") {
    Runs runs(10);
    const std::string first = start(runs, "d1");
    const std::string second_run = start(runs, "d2");
    connects(runs, "c1", "d2", "10.0.0.2");
    CHECK(runs.find(first)->run.state() == verdict::RunState::waiting_for_device);
    CHECK(runs.find(second_run)->run.connected_once());
    connects(runs, "c2", "d3", "10.0.0.3");
    CHECK(runs.find(first)->run.state() == verdict::RunState::waiting_for_device);
}

TEST_CASE("another device on another connector with the same name is another device") {
    Runs runs(10);
    const std::string id = start(runs, "d1");
    connects(runs, "c1", "d1", "10.0.0.1", "elsewhere");
    CHECK_FALSE(runs.find(id)->run.connected_once());
}

TEST_CASE("before CONNECT an attempt belongs to the run by the device's address") {
    Runs runs(10);
    const std::string id = start(runs, "d1");
    connects(runs, "c1", "d1");
    runs.saw({.connection = "c1", .seen = verdict::Closed{}}, second);
    runs.saw({.connection = "c2", .ip = "10.0.0.1", .seen = verdict::Accepted{}}, 2 * second);
    verdict::ClientHello old;
    old.best_version = 0x0302;
    runs.saw({.connection = "c2", .ip = "10.0.0.1", .seen = old}, 2 * second);
    CHECK(runs.find(id)->run.outcome() == Outcome::failed);
}

TEST_CASE("a connection that never says whose it is tells a waiting run what came instead") {
    Runs runs(10);
    const std::string id = start(runs, "d1");
    runs.saw({.connection = "c1", .ip = "10.0.0.1", .seen = verdict::Accepted{}}, second);
    runs.saw({.connection = "c1", .ip = "10.0.0.1", .seen = verdict::HandshakeFailed{"it does not trust the CA"}},
             second);
    runs.saw({.connection = "c1", .ip = "10.0.0.1", .seen = verdict::Closed{}}, second);
    CHECK(runs.find(id)->run.seen_instead() == "its TLS handshake failed: it does not trust the CA");
}

TEST_CASE("one run at a time on a device, and at most so many are kept") {
    Runs runs(2);
    const std::string id = start(runs, "d1");
    CHECK(std::get<verdict::AlreadyRuns>(runs.start(plan("d1"), "quick", 0, Steady{0})).id == id);
    start(runs, "d2");
    CHECK(std::holds_alternative<verdict::TooManyRuns>(runs.start(plan("d3"), "quick", 0, Steady{0})));
    CHECK_FALSE(runs.remove(id));
    CHECK(runs.abort(id, "asked for", second));
    CHECK_FALSE(runs.abort(id, "again", second));
    start(runs, "d1");
    CHECK(runs.find(id) == nullptr);
    CHECK(runs.all().size() == 2);
}

TEST_CASE("a run that is over can be removed, and nothing that is seen matters any more") {
    Runs runs(2);
    const std::string id = start(runs, "d1");
    connects(runs, "c1", "d1");
    REQUIRE(runs.next_deadline().has_value());
    runs.at(*runs.next_deadline());
    CHECK(runs.find(id)->run.state() == verdict::RunState::done);
    CHECK_FALSE(runs.any_going_on());
    CHECK_FALSE(runs.next_deadline().has_value());
    connects(runs, "c2", "d1");
    CHECK(runs.remove(id));
    CHECK_FALSE(runs.remove(id));
}

TEST_CASE("orders name their run") {
    Runs runs(2);
    const auto started = runs.start(plan("d1", {"CON-02"}), "full", 0, Steady{0});
    CHECK(runs.take_orders().empty());
    connects(runs, "c1", "d1");
    const auto orders = runs.take_orders();
    REQUIRE(orders.size() == 2);
    CHECK(orders[0].entry->id == std::get<verdict::Started>(started).id);
    runs.abort_all("the server stops", second);
    CHECK(std::holds_alternative<verdict::Disarm>(runs.take_orders().front().order));
}

TEST_CASE("hits of another run's fault are nothing to a run, and ids go on behind those of before") {
    Runs runs(10);
    runs.continue_behind(6);
    const auto started = runs.start(plan("d1", {"TLS-11"}), "full", 0, Steady{0});
    const std::string id = std::get<verdict::Started>(started).id;
    CHECK(id == "7");
    connects(runs, "c1", "d1");
    const auto waits_for = [&] { return runs.find(id)->run.current().waits_for; };
    const std::string before = waits_for();
    runs.saw({.connection = "c1", .seen = verdict::FaultHit{"run-8-1"}}, 2 * second);
    CHECK(waits_for() == before);
    runs.saw({.connection = "c1", .seen = verdict::FaultHit{"run-7-1"}}, 2 * second);
    CHECK(waits_for() != before);
    CHECK_FALSE(runs.hook_answered("9", {"report", ""}, 2 * second));
    CHECK(runs.hook_answered(id, {"report", ""}, 2 * second));
}
