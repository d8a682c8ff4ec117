#include "server/faults/registry.h"

#include "server/faults/fault_json.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using faults::ArmedPtr;
using faults::Client;
using faults::Registry;
using faults::State;
using faults::TimePoint;
using namespace std::chrono_literals;

namespace {

faults::Fault described(const std::string& text) {
    config::Problems problems;
    const config::ReadContext context{"", text, config::KeyMode::strict, problems};
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    auto fault = faults::read_fault(*parsed.root, "$", context);
    REQUIRE_MESSAGE(fault, problems.error_text());
    return *fault;
}

const TimePoint start{};
const Client device{
    .connector = "local", .identity = "7", .client_id = "c", .ip = "10.1.2.3", .connection = "x", .connected = true};

struct Bench {
    Registry registry{{.most = 5, .seed = 1}};
    int changes = 0;

    Bench() {
        registry.on_change([this] { ++changes; });
    }
    ArmedPtr add(const std::string& text, TimePoint now = start) {
        auto made = registry.add(described(text), now);
        if (auto* refused = std::get_if<faults::Refused>(&made)) FAIL(refused->message);
        return std::get<ArmedPtr>(made);
    }
    std::string refused(const std::string& text) {
        auto made = registry.add(described(text), start);
        REQUIRE(std::holds_alternative<faults::Refused>(made));
        return std::get<faults::Refused>(made).message;
    }
    // 'x' for each hit, '.' for each chance that passed.
    std::string draws(const ArmedPtr& armed, int chances, const Client& client = device) {
        std::string hits;
        for (int i = 0; i < chances && armed->active(); ++i) hits += registry.strike(armed, client, start) ? 'x' : '.';
        return hits;
    }
};

}  // namespace

TEST_CASE("skip lets the first chances pass, times bounds the hits") {
    Bench bench;
    const auto armed = bench.add(R"({"kind":"withhold","packet":"PUBACK","skip":2,"times":3})");
    CHECK(bench.draws(armed, 20) == "..xxx");
    CHECK(armed->state == State::spent);
    CHECK(armed->chances == 5);
    CHECK(armed->hits == 3);
}

TEST_CASE("a list replaces all at once, or nothing") {
    Bench bench;
    bench.add(R"({"kind":"refuse","name":"old"})");
    const auto list = [](int size) {
        std::vector<Registry::Ready> all;
        for (int i = 0; i < size; ++i) all.push_back({described(R"({"kind":"refuse"})")});
        return all;
    };
    auto made = bench.registry.replace_all(list(6), start);
    REQUIRE(std::holds_alternative<faults::Refused>(made));
    CHECK(std::get<faults::Refused>(made).message == "the list has 6 faults, and limits.max_faults is 5");
    CHECK(bench.registry.find("old"));
    CHECK(bench.changes == 1);

    auto five = list(5);
    five.back() = {described(R"({"kind":"refuse","name":"fault-1"})")};
    made = bench.registry.replace_all(std::move(five), start);
    REQUIRE(std::holds_alternative<std::vector<ArmedPtr>>(made));
    CHECK_FALSE(bench.registry.find("old"));
    CHECK(bench.registry.size() == 5);
    CHECK(bench.registry.find("fault-1") == bench.registry.all().back());
    CHECK(bench.changes == 2);
}

TEST_CASE("the same seed and name give the same hits, another name gives others") {
    const std::string text = R"({"kind":"withhold","packet":"PUBACK","probability":0.5,"seed":7,"name":")";
    Bench one, two;
    const auto hits = one.draws(one.add(text + "a\"}"), 64);
    CHECK(hits == two.draws(two.add(text + "a\"}"), 64));
    CHECK(hits != two.draws(two.add(text + "b\"}"), 64));
    CHECK(hits.find('x') != std::string::npos);
    CHECK(hits.find('.') != std::string::npos);
}

TEST_CASE("per identity and per connection count apart") {
    for (const std::string per : {"identity", "connection"}) {
        Bench bench;
        const auto armed = bench.add(R"({"kind":"withhold","packet":"PUBACK","times":1,"per":")" + per + "\"}");
        CHECK(bench.draws(armed, 3) == "x..");
        const Client other{.connector = "local", .identity = "8", .connection = "y", .connected = true};
        CHECK(bench.draws(armed, 3, other) == "x..");
        CHECK(armed->active());
        bench.registry.forget("x");
        CHECK(bench.draws(armed, 1) == (per == "connection" ? "x" : "."));
    }
}

TEST_CASE("a fault begins and ends by its times, and tells so once") {
    Bench bench;
    const auto armed = bench.add(R"({"kind":"refuse","after_ms":100,"for_ms":50})");
    CHECK(armed->state == State::waiting);
    CHECK(bench.registry.next_change() == start + 100ms);
    bench.registry.advance(start + 99ms);
    CHECK(armed->state == State::waiting);
    bench.registry.advance(start + 100ms);
    CHECK(armed->active());
    CHECK(bench.registry.next_change() == start + 150ms);
    bench.registry.advance(start + 150ms);
    CHECK(armed->state == State::spent);
    CHECK(armed->over());
    CHECK(bench.changes == 3);
    CHECK(!bench.registry.next_change());
}

TEST_CASE("a fault that is spent by times still ends what it holds when its time is over") {
    Bench bench;
    const auto armed = bench.add(R"({"kind":"silence","times":1,"for_ms":50})");
    CHECK(bench.draws(armed, 2) == "x");
    CHECK(!armed->over());
    bench.registry.advance(start + 50ms);
    CHECK(armed->over());
}

TEST_CASE("after names the fault whose end begins this one") {
    Bench bench;
    const auto first = bench.add(R"({"name":"first","kind":"withhold","packet":"PUBACK","times":1})");
    const auto second = bench.add(R"({"kind":"refuse","after":"first","for_ms":10})");
    CHECK(second->state == State::waiting);
    CHECK(bench.draws(first, 1) == "x");
    REQUIRE(bench.registry.next_change());
    bench.registry.advance(start + 5ms);
    CHECK(second->active());
    CHECK(bench.registry.next_change() == start + 15ms);
    CHECK(bench.refused(R"({"kind":"refuse","after":"nobody"})").find("nobody") != std::string::npos);
}

TEST_CASE("names are unique, made up where absent, and there is a limit") {
    Bench bench;
    CHECK(bench.add(R"({"kind":"refuse"})")->fault.name == "fault-1");
    bench.add(R"({"kind":"refuse","name":"fault-2"})");
    CHECK(bench.add(R"({"kind":"refuse"})")->fault.name == "fault-3");
    CHECK(bench.refused(R"({"kind":"refuse","name":"fault-2"})").find("PUT replaces it") != std::string::npos);
    bench.add(R"({"kind":"refuse"})");
    bench.add(R"({"kind":"refuse"})");
    CHECK(bench.refused(R"({"kind":"refuse"})").find("limits.max_faults") != std::string::npos);
}

TEST_CASE("put replaces in its place, with counters from 0") {
    Bench bench;
    const auto old = bench.add(R"({"kind":"refuse","name":"a"})");
    bench.add(R"({"kind":"refuse","name":"b"})");
    bench.draws(old, 1);
    bool replaced = false;
    const auto made = bench.registry.put(described(R"({"kind":"outage","name":"a"})"), start, replaced);
    CHECK(replaced);
    CHECK(old->over());
    CHECK(bench.registry.all().front() == std::get<ArmedPtr>(made));
    CHECK(bench.registry.all().front()->hits == 0);
    CHECK(bench.registry.put(described(R"({"kind":"outage","name":"c"})"), start, replaced).index() == 0);
    CHECK(!replaced);
}

TEST_CASE("clear takes what names the connector and the identity") {
    Bench bench;
    bench.add(R"({"kind":"withhold","packet":"PUBACK","connector":"a","identity":"1"})");
    bench.add(R"({"kind":"withhold","packet":"PUBACK","connector":"a"})");
    bench.add(R"({"kind":"withhold","packet":"PUBACK"})");
    bench.registry.clear("a", "1");
    CHECK(bench.registry.size() == 2);
    bench.registry.clear("a");
    CHECK(bench.registry.size() == 1);
    bench.registry.clear();
    CHECK(bench.registry.empty());
    CHECK(!bench.registry.remove("fault-1"));
}

TEST_CASE("a scope strikes whom it names, and concerns whom it may name yet") {
    struct Row {
        const char* scope;
        bool strikes, concerns_stranger;
    };
    const Row rows[] = {{"", true, true},
                        {R"(,"connector":"local")", true, true},
                        {R"(,"connector":"lab")", false, false},
                        {R"(,"identity":"7")", true, true},
                        {R"(,"identity":"8")", false, true},
                        {R"(,"client_id":"c")", true, true},
                        {R"(,"client_id":"d")", false, true},
                        {R"(,"anonymous":false)", true, true},
                        {R"(,"anonymous":true)", false, true},
                        {R"(,"ip":"10.0.0.0/8")", true, true},
                        {R"(,"ip":"11.0.0.0/8")", false, false}};
    const Client stranger{.connector = "local", .ip = "10.1.2.3", .connection = "x"};
    for (const auto& row : rows) {
        Bench bench;
        const auto armed = bench.add(std::string(R"({"kind":"latency","delay_ms":1)") + row.scope + "}");
        CHECK_MESSAGE(armed->fault.scope.strikes(device) == row.strikes, row.scope);
        CHECK_MESSAGE(bench.registry.concerns(device) == row.strikes, row.scope);
        CHECK_MESSAGE(bench.registry.concerns(stranger) == row.concerns_stranger, row.scope);
    }
}

TEST_CASE("a fault of packets, content or ports concerns no connection's bytes") {
    for (const auto* text : {R"({"kind":"withhold","packet":"PUBACK"})", R"({"kind":"close","packet":"PUBLISH"})",
                             R"({"kind":"body_flip"})", R"({"kind":"refuse"})", R"({"kind":"outage"})"}) {
        Bench bench;
        bench.add(text);
        CHECK_MESSAGE(!bench.registry.concerns(device), text);
    }
    for (const auto* text : {R"({"kind":"close"})", R"({"kind":"silence"})", R"({"kind":"tls_stall"})"}) {
        Bench bench;
        bench.add(text);
        CHECK_MESSAGE(bench.registry.concerns(device), text);
    }
}

TEST_CASE("jitter stays within its spread and below zero nothing goes") {
    Bench bench;
    const auto armed = bench.add(R"({"kind":"delay","packet":"PUBACK","delay_ms":5,"jitter_ms":10})");
    bool less = false, more = false;
    for (int i = 0; i < 200; ++i) {
        const auto delay = bench.registry.delay_of(*armed);
        CHECK(delay >= 0ms);
        CHECK(delay <= 15ms);
        less = less || delay < 5ms;
        more = more || delay > 5ms;
    }
    CHECK(less);
    CHECK(more);
}

TEST_CASE("a hit is told with what it did") {
    Bench bench;
    std::vector<std::string> told;
    bench.registry.on_hit([&](const faults::Report& report) {
        told.push_back(report.armed.fault.name + " " + std::to_string(report.hit) + " " + std::string(report.packet) +
                       ": " + std::string(report.detail));
    });
    const auto armed = bench.add(R"({"kind":"withhold","packet":"PUBACK"})");
    bench.registry.report(*armed, *bench.registry.strike(armed, device, start), device, "PUBACK 17 was withheld",
                          "PUBACK");
    CHECK(told == std::vector<std::string>{"fault-1 1 PUBACK: PUBACK 17 was withheld"});
}
