#include "server/verdict/run.h"

#include "server/verdict/report/report.h"
#include "server/verdict/selection.h"

#include <string>

#include <doctest/doctest.h>

namespace {

using verdict::Moment;
using verdict::Outcome;
using verdict::Run;
using verdict::RunState;

constexpr Moment second = std::chrono::seconds(1);

Run run_of(const std::vector<std::string>& only, std::string identity = "d1") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = only}));
    return Run({.subject = {.connector = "local", .identity = std::move(identity), .expected_host = "h"},
                .checks = std::move(rows)});
}

void see(Run& run, Moment at, verdict::Seen seen) {
    run.on({.at = at, .connection = 1, .cursor = 9, .seen = std::move(seen)});
}

void online(Run& run) {
    see(run, second, verdict::Accepted{"127.0.0.1"});
    protocol::Connect packet;
    packet.protocol_name = "MQTT";
    packet.level = 4;
    packet.keep_alive_s = 60;
    see(run, second, verdict::ConnectCame{packet, true});
    see(run, second, verdict::ConnackLeft{});
}

const verdict::ReportHead head{.run = "r1", .suite = "quick", .server_version = "0.1.0", .server_commit = "abc"};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a run waits for its device, looks on for its time, and is done") {
    Run run = run_of({"CON-01", "TLS-12"});
    CHECK(run.state() == RunState::waiting_for_device);
    run.at(59 * second);
    CHECK(run.state() == RunState::waiting_for_device);
    online(run);
    CHECK(run.state() == RunState::running);
    CHECK(run.next_deadline() == 61 * second);
    run.at(61 * second);
    CHECK(run.state() == RunState::done);
    CHECK(run.outcome() == Outcome::passed);
    CHECK(run.ended() == 61 * second);
}

TEST_CASE("the outcome of a run is the worst of its checks") {
    Run run = run_of({"CON-01", "PUB-06", "PUB-01"});
    online(run);
    protocol::Publish packet;
    packet.topic = "x";
    packet.qos = 2;
    see(run, 2 * second, verdict::PublishCame{packet});
    CHECK(run.outcome() == Outcome::warned);
    see(run, 2 * second, verdict::Found{.rule = "R46", .message = "Dropped."});
    CHECK(run.outcome() == Outcome::failed);
}

TEST_CASE("what comes after the end changes nothing") {
    Run run = run_of({"PUB-01"});
    online(run);
    run.abort("asked for", 3 * second);
    see(run, 4 * second, verdict::Found{.rule = "R46", .message = "Dropped."});
    CHECK(run.outcome() == Outcome::not_run);
    CHECK(run.state() == RunState::aborted);
    run.at(100 * second);
    CHECK(run.ended() == 3 * second);
}

TEST_CASE("a device that never connects: the run tells what was seen instead") {
    Run run = run_of({"CON-01"});
    CHECK(run.seen_instead() == "nothing came from it");
    see(run, second, verdict::Accepted{"a"});
    CHECK(run.seen_instead() == "it opened a TCP connection once and sent nothing");
    see(run, second, verdict::ClientHello{});
    CHECK(run.seen_instead() == "it began a TLS handshake once and sent no CONNECT");
    see(run, second, verdict::HandshakeFailed{"it does not trust the certificate"});
    CHECK(run.seen_instead() == "its TLS handshake failed: it does not trust the certificate");
    see(run, second, verdict::ConnectCame{});
    see(run, second, verdict::ConnackLeft{.code = 4});
    CHECK(run.seen_instead() == "its CONNECT was refused once, the last time with code 4 (bad user name or password)");
}

TEST_CASE("reports tell each check, with message and hint where it did not pass") {
    Run run = run_of({"PUB-01", "CON-01", "TLS-12"});
    online(run);
    see(run, 2 * second, verdict::Found{.rule = "R46", .message = "It <b>failed</b> | here.", .hint = "Mend & send."});
    const std::string text = text_report(run, head);
    CHECK(has(text, "FAILED   PUB-01"));
    CHECK(has(text, "What to do: Mend & send."));
    CHECK(has(text, "1 passed, 1 failed, 1 not run. Suite quick, run r1."));
    const std::string junit = junit_report(run, head);
    CHECK(has(junit, "<testsuites name=\"murano-emulator verdict of d1\" tests=\"3\">"));
    CHECK(has(junit, "failure message=\"It &lt;b&gt;failed&lt;/b&gt; | here.\" type=\"R37, R45a, R46\""));
    CHECK(has(junit, "<skipped message="));
    const std::string tap = tap_report(run, head);
    CHECK(has(tap, "TAP version 13\n1..3\n"));
    CHECK(has(tap, "not ok 3 - PUB-01"));
    CHECK(has(tap, "ok 1 - TLS-12"));
    CHECK(has(tap, "# SKIP The identity does not log in with a certificate."));
    const std::string table = markdown_report(run, head);
    CHECK(has(table, "It &lt;b&gt;failed&lt;/b&gt; \\| here."));
    const std::string page = html_report(run, head);
    CHECK(has(page, "It &lt;b&gt;failed&lt;/b&gt; | here."));
    CHECK_FALSE(has(page, "<script"));
    CHECK_FALSE(has(page, "http:"));
}

TEST_CASE("hostile identities stay text in every format") {
    Run run = run_of({"CON-01"}, "</title><script>alert(1)</script>\n\x01# \"'`|");
    online(run);
    CHECK_FALSE(has(html_report(run, head), "<script"));
    CHECK_FALSE(has(junit_report(run, head), "<script"));
    CHECK_FALSE(has(junit_report(run, head), "\x01"));
    CHECK_FALSE(has(markdown_report(run, head), "<script"));
    CHECK_FALSE(has(text_report(run, head), "</script>\n\x01"));
}

TEST_CASE("the headline says how a run stands") {
    Run run = run_of({"CON-01"});
    CHECK(headline(run) == "Device 'd1' on 'local' has not been seen yet.");
    see(run, second, verdict::Accepted{"a"});
    CHECK(headline(run) == "Device 'd1' on 'local' never connected: it opened a TCP connection once and sent nothing.");
    online(run);
    CHECK(headline(run) == "Device 'd1' on 'local' so far passed.");
    run.abort("the server stops", 2 * second);
    CHECK(headline(run) == "Device 'd1' on 'local': the run was aborted: the server stops.");
}

TEST_CASE("an act begins when the device is connected, and its orders are handed out") {
    Run run = run_of({"CON-02"});
    CHECK(run.take_orders().empty());
    online(run);
    const auto orders = run.take_orders();
    REQUIRE(orders.size() == 2);
    CHECK(std::get<verdict::Arm>(orders[0]).fault == R"({"kind":"connack","code":3,"delay_ms":100,"stay_ms":500})");
    CHECK(std::holds_alternative<verdict::Disconnect>(orders[1]));
    CHECK(run.current().row->id == "CON-02");
    CHECK(run.current().waits_for == "the device's first attempt");
}

TEST_CASE("a device that never comes back fails the act, and the acts behind it are not run") {
    Run run = run_of({"CON-02", "CON-03"});
    online(run);
    see(run, 2 * second, verdict::Closed{});
    while (!run.over()) run.at(run.next_deadline());
    const auto checks = run.checks();
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].result.outcome == Outcome::failed);
    CHECK(checks[1].result.outcome == Outcome::not_run);
    const auto orders = run.take_orders();
    REQUIRE(orders.size() >= 2);
    CHECK(std::holds_alternative<verdict::Disarm>(orders[orders.size() - 2]));
    CHECK(std::holds_alternative<verdict::TakeBack>(orders.back()));
}

TEST_CASE("an aborted run ends its faults") {
    Run run = run_of({"CON-02"});
    online(run);
    run.take_orders();
    run.abort("asked for", 2 * second);
    const auto orders = run.take_orders();
    REQUIRE(orders.size() == 2);
    CHECK(std::holds_alternative<verdict::Disarm>(orders[0]));
    CHECK(std::holds_alternative<verdict::TakeBack>(orders[1]));
}

TEST_CASE("an act whose hook is missing is not run, and the next one has its turn") {
    Run run = run_of({"PRV-05", "CON-02"});
    online(run);
    CHECK(run.current().row->id == "CON-02");
    run.abort("asked for", 2 * second);
    CHECK(run.checks()[0].result.message == "It needs the hook 'power_cycle', which the run does not have.");
}

TEST_CASE("acts that strike before CONNECT are not run beside another device of the connector") {
    Run run = run_of({"CON-05"});
    run.on({.at = Moment{0}, .connection = 0, .cursor = 0, .seen = verdict::Neighbours{1}});
    CHECK(run.state() == RunState::waiting_for_device);
    online(run);
    CHECK(run.take_orders().empty());
    CHECK(run.checks()[0].result.outcome == Outcome::not_run);
    CHECK(has(run.checks()[0].result.message, "another device"));
    Run alone = run_of({"CON-05"});
    alone.on({.at = Moment{0}, .connection = 0, .cursor = 0, .seen = verdict::Neighbours{1}});
    alone.on({.at = Moment{0}, .connection = 0, .cursor = 0, .seen = verdict::Neighbours{0}});
    online(alone);
    CHECK(alone.current().row->id == "CON-05");
}

TEST_CASE("an order that cannot be carried out, and a hook that fails, end the act without a judgement") {
    Run run = run_of({"CON-02"});
    online(run);
    run.on({.at = 2 * second, .connection = 0, .cursor = 0, .seen = verdict::OrderFailed{"There is no such alias."}});
    CHECK(run.checks()[0].result.outcome == Outcome::not_run);
    CHECK(has(run.checks()[0].result.message, "There is no such alias."));
    Run hooked = run_of({"CON-02"});
    online(hooked);
    hooked.on({.at = 2 * second, .connection = 0, .cursor = 0, .seen = verdict::HookAnswered{"report", "exit code 1"}});
    CHECK(hooked.checks()[0].result.message == "The hook 'report' failed: exit code 1.");
}

TEST_CASE("a device that gives up for good is given one power cycle, and the next act goes on") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"CON-02", "CON-03"}}));
    verdict::RunPlan plan{.subject = {.connector = "local", .identity = "d1", .expected_host = "h"}, .checks = rows};
    plan.parameters.hooks = {"power_cycle"};
    Run run(plan);
    online(run);
    see(run, 2 * second, verdict::Closed{});
    const auto cycled = [](const std::vector<verdict::Order>& orders) {
        return !orders.empty() && std::holds_alternative<verdict::CallHook>(orders.back());
    };
    while (!run.over() && !cycled(run.take_orders())) run.at(run.next_deadline());
    REQUIRE_FALSE(run.over());
    see(run, run.next_deadline() - second, verdict::Accepted{"127.0.0.1"});
    see(run, run.next_deadline() - second, verdict::ConnackLeft{});
    CHECK(run.current().row->id == "CON-03");
    CHECK(run.checks()[0].result.outcome == Outcome::failed);
}

TEST_CASE("how long a dead device was away before its power cycle is no pause of its own") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"CON-02", "CON-03"}}));
    verdict::RunPlan plan{.subject = {.connector = "local", .identity = "d1", .expected_host = "h"}, .checks = rows};
    plan.parameters.hooks = {"power_cycle"};
    Run run(plan);
    online(run);
    // It dies at this time: how long it is waited for behind the power cycle, and when that was.
    const auto dies = [&run](verdict::Moment at) {
        see(run, at, verdict::Closed{});
        for (int rounds = 0; rounds < 1'000; ++rounds) {
            const auto orders = run.take_orders();
            if (!orders.empty() && std::holds_alternative<verdict::CallHook>(orders.back())) break;
            at = run.next_deadline();
            run.at(at);
        }
        return std::pair(run.next_deadline() - at, at);
    };
    const auto first = dies(2 * second);
    see(run, first.second + second, verdict::Accepted{"127.0.0.1"});
    see(run, first.second + second, verdict::ConnackLeft{});
    REQUIRE(run.current().row->id == "CON-03");
    CHECK(dies(first.second + 2 * second).first == first.first);
}

TEST_CASE("acts have their turn, however short the run looks on") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"CON-02"}}));
    Run run({.subject = {.connector = "local", .identity = "d1", .expected_host = "h"},
             .checks = rows,
             .watch_for = 2 * second,
             .look_first = 10 * second});
    online(run);
    run.at(3 * second);
    CHECK_FALSE(run.over());
    run.at(run.next_deadline());
    CHECK(run.current().row->id == "CON-02");
}

TEST_CASE("a check has parameters of its own where the plan says so") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"KA-01"}}));
    verdict::RunPlan plan{.subject = {.connector = "local", .identity = "d1", .expected_host = "h"}, .checks = rows};
    plan.own_parameters["KA-01"].keep_alive_max = std::chrono::seconds(30);
    Run run(plan);
    online(run);
    CHECK(run.outcome() == Outcome::failed);
}

TEST_CASE("the first act waits for two reports, or for as long as the run looks first") {
    const auto looking = [](Moment look_first) {
        auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"CON-02"}}));
        return Run({.subject = {.connector = "local", .identity = "d1", .expected_host = "h"},
                    .checks = std::move(rows),
                    .look_first = look_first});
    };
    Run silent = looking(10 * second);
    online(silent);
    CHECK(silent.take_orders().empty());
    CHECK(silent.next_deadline() == 11 * second);
    silent.at(11 * second);
    CHECK(silent.take_orders().size() == 2);

    Run reporting = looking(10 * second);
    online(reporting);
    protocol::Publish report;
    report.topic = "$resource/data_in";
    see(reporting, 2 * second, verdict::PublishCame{report});
    CHECK(reporting.take_orders().empty());
    see(reporting, 3 * second, verdict::PublishCame{report});
    CHECK(reporting.take_orders().size() == 2);
}

TEST_CASE("an act whose order cannot be carried out is not run, and says why") {
    Run run = run_of({"CON-02"});
    online(run);
    run.take_orders();
    run.cannot("Another device is connected there.", 2 * second);
    CHECK(run.acts_ended() == 1);
    const auto check = run.checks().front();
    CHECK(check.result.outcome == Outcome::not_run);
    CHECK(check.result.message == "Another device is connected there.");
    CHECK(check.began == second);
    CHECK(check.ended == 2 * second);
    run.cannot("too late", 3 * second);
    CHECK(run.acts_ended() == 1);
}

TEST_CASE("a report with QoS 1 ends a recovery once the device could read its PUBACK") {
    auto rows = std::get<std::vector<const verdict::CheckRow*>>(verdict::select({.only = {"TLS-10", "RX-06"}}));
    Run run({.subject = {.connector = "local", .identity = "d1", .expected_host = "h"},
             .checks = std::move(rows),
             .look_first = 10 * second});
    online(run);
    see(run, second, verdict::ClientHello{});
    const auto report = [&](Moment at, std::uint8_t qos) {
        protocol::Publish packet;
        packet.topic = "$resource/a";
        packet.qos = qos;
        packet.packet_id = qos;
        see(run, at, verdict::PublishCame{packet});
    };
    report(2 * second, 1);
    report(3 * second, 1);
    REQUIRE(run.current().row);
    CHECK(run.current().row->id == "TLS-10");
    see(run, 3 * second, verdict::Closed{});
    see(run, 4 * second, verdict::Accepted{"127.0.0.1"});
    see(run, 4 * second, verdict::ConnackLeft{});
    report(4 * second, 1);  // TLS-10 is over
    report(5 * second, 1);
    CHECK(run.current().row->id == "TLS-10");
    CHECK(run.next_deadline() == 5 * second + verdict::reads_puback_within);
    run.at(run.next_deadline());
    CHECK(run.current().row->id == "RX-06");
}
