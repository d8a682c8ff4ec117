#include "server/runtime/metrics.h"

#include <set>
#include <sstream>
#include <thread>

#include <doctest/doctest.h>

using runtime::Direction;
using runtime::Metrics;
using runtime::MetricsSnapshot;
using runtime::PortKind;

namespace {
bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

struct Family {
    std::string name, type;
    std::set<std::string> series;
};

// Reads the exposition by its own rules and fails where they are broken.
std::vector<Family> read_exposition(const std::string& text) {
    std::vector<Family> families;
    std::istringstream lines(text);
    std::string line;
    while (std::getline(lines, line)) {
        if (line.starts_with("# HELP ")) {
            families.push_back({line.substr(7, line.find(' ', 7) - 7), "", {}});
            continue;
        }
        REQUIRE(!families.empty());
        Family& family = families.back();
        if (line.starts_with("# TYPE " + family.name + " ")) {
            family.type = line.substr(8 + family.name.size());
            continue;
        }
        REQUIRE(line.starts_with(family.name));
        REQUIRE(!family.type.empty());
        const std::size_t value = line.rfind(' ');
        CHECK_MESSAGE(family.series.insert(line.substr(0, value)).second, line);
        CHECK_NOTHROW(static_cast<void>(std::stod(line.substr(value + 1))));
    }
    return families;
}
}  // namespace

TEST_CASE("the exposition keeps its rules: HELP, TYPE, samples together, no name and no series twice") {
    Metrics metrics;
    metrics.count_handshake_failure("no_sni");
    metrics.fault_hits.add("withhold");
    const std::string text = render_prometheus(MetricsSnapshot(metrics));
    CHECK(text.back() == '\n');
    std::set<std::string> names;
    for (const Family& family : read_exposition(text)) {
        CHECK(family.name.starts_with("murano_emulator_"));
        CHECK_MESSAGE(names.insert(family.name).second, family.name);
        CHECK(!family.series.empty());
        CHECK_MESSAGE(family.name.ends_with("_total") == (family.type == "counter"), family.name);
    }
    for (const char* name :
         {"connections_open", "connections_total", "packets_total", "bytes_total", "events_total", "findings_total",
          "commits_total", "commit_latency_seconds", "journal_events_dropped_total", "tls_handshake_failures_total",
          "outbox_bytes", "queued_bytes", "resident_memory_bytes", "process_start_time_seconds", "build_info"}) {
        CHECK_MESSAGE(names.contains(std::string("murano_emulator_") + name), name);
    }
}

TEST_CASE("counters show what was counted") {
    Metrics metrics;
    metrics.connection_opened(PortKind::mqtts);
    metrics.connection_opened(PortKind::mqtts);
    metrics.connection_closed(PortKind::mqtts);
    metrics.count_packet(3, Direction::in);
    metrics.count_packet(4, Direction::out);
    metrics.count_packet(0, Direction::in);
    metrics.count_packet(15, Direction::in);
    metrics.count_bytes(Direction::in, 100);
    metrics.count_bytes(Direction::in, 20);
    metrics.count_event(4);
    metrics.count_event(4);
    metrics.count_finding(3);
    metrics.count_dropped_copy();
    MetricsSnapshot snapshot(metrics);
    snapshot.journal_dropped = 9;
    snapshot.outbox_bytes = 11;
    snapshot.process_start_us = 1'700'000'000'500'000;
    snapshot.version = "0.1.0";
    const std::string text = render_prometheus(snapshot);
    CHECK(has_line(text, R"(murano_emulator_connections_open{port="mqtts"} 1)"));
    CHECK(has_line(text, R"(murano_emulator_connections_total{port="mqtts"} 2)"));
    CHECK(has_line(text, R"(murano_emulator_packets_total{type="PUBLISH",direction="in"} 1)"));
    CHECK(has_line(text, R"(murano_emulator_packets_total{type="PUBACK",direction="out"} 1)"));
    CHECK(has_line(text, R"(murano_emulator_packets_total{type="other",direction="in"} 2)"));
    CHECK(has_line(text, R"(murano_emulator_bytes_total{direction="in"} 120)"));
    CHECK(has_line(text, R"(murano_emulator_events_total{type="data_in"} 2)"));
    CHECK(has_line(text, R"(murano_emulator_findings_total{severity="violation"} 1)"));
    CHECK(has_line(text, "murano_emulator_journal_events_dropped_total 9"));
    CHECK(has_line(text, "murano_emulator_dropped_copies_total 1"));
    CHECK(has_line(text, "murano_emulator_outbox_bytes 11"));
    CHECK(has_line(text, "murano_emulator_process_start_time_seconds 1700000000.5"));
    CHECK(has_line(text, R"(murano_emulator_build_info{version="0.1.0"} 1)"));
}

TEST_CASE("the latency histogram is cumulative, in seconds, and its bounds are inclusive") {
    Metrics metrics;
    for (const std::uint64_t us : {1U, 50U, 51U, 1'000'000U, 1'000'001U}) metrics.commit_latency.observe(us);
    const std::string text = render_prometheus(MetricsSnapshot(metrics));
    CHECK(has_line(text, R"(murano_emulator_commit_latency_seconds_bucket{le="0.00005"} 2)"));
    CHECK(has_line(text, R"(murano_emulator_commit_latency_seconds_bucket{le="0.0001"} 3)"));
    CHECK(has_line(text, R"(murano_emulator_commit_latency_seconds_bucket{le="0.25"} 3)"));
    CHECK(has_line(text, R"(murano_emulator_commit_latency_seconds_bucket{le="1"} 4)"));
    CHECK(has_line(text, R"(murano_emulator_commit_latency_seconds_bucket{le="+Inf"} 5)"));
    CHECK(has_line(text, "murano_emulator_commit_latency_seconds_sum 2.000103"));
    CHECK(has_line(text, "murano_emulator_commit_latency_seconds_count 5"));
    CHECK(has_line(text, "murano_emulator_commits_total 5"));
}

TEST_CASE("label values are escaped") {
    Metrics metrics;
    metrics.count_handshake_failure("a\"b\\c\nd");
    const std::string text = render_prometheus(MetricsSnapshot(metrics));
    CHECK(has_line(text, R"(murano_emulator_tls_handshake_failures_total{reason="a\"b\\c\nd"} 1)"));
}

TEST_CASE("labels made at run time are bounded, the rest is counted as other") {
    runtime::LabelledCounts counts;
    for (int i = 0; i < 1000; ++i) counts.add("reason " + std::to_string(i));
    counts.add("reason 0", 5);
    CHECK(counts.all().size() == 64);
    CHECK(counts.all().front().second == 6);
    CHECK(counts.all().back().first == "other");
    CHECK(counts.all().back().second == 1000 - 63);
}

TEST_CASE("the histogram may be read while another thread writes it") {
    runtime::LatencyHistogram histogram;
    std::thread writer([&histogram] {
        for (int i = 0; i < 10'000; ++i) histogram.observe(100);
    });
    for (int i = 0; i < 100; ++i) CHECK(histogram.snapshot().buckets[1] <= 10'000);
    writer.join();
    CHECK(histogram.snapshot().buckets[1] == 10'000);
    CHECK(histogram.snapshot().sum_us == 1'000'000);
}

TEST_CASE("resident memory is told") {
    CHECK(runtime::resident_memory_bytes() > 100'000);
}
