#pragma once
// The server's counters. Plain numbers of the loop thread, incremented by name (`metrics.events[...]++`); only the
// writer thread writes the commit histogram. GET /metrics takes and renders a snapshot on the loop thread.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runtime {

enum class PortKind : std::uint8_t { mqtts, mqtt, api, api_tls };
enum class Direction : std::uint8_t { in, out };

inline constexpr std::array<std::string_view, 4> port_kind_names{"mqtts", "mqtt", "api", "api_tls"};
inline constexpr std::array<std::string_view, 2> direction_names{"in", "out"};

// By MQTT packet type; 0 and 15 may be garbage and are counted as "other".
inline constexpr std::array<std::string_view, 16> packet_type_names{
    "other",     "CONNECT", "CONNACK",     "PUBLISH",  "PUBACK",  "PUBREC",   "PUBREL",     "PUBCOMP",
    "SUBSCRIBE", "SUBACK",  "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT", "other"};

// By journal::EventType and journal::Severity; a test of the journal compares the names.
inline constexpr std::array<std::string_view, 14> event_type_names{
    "",           "connect", "disconnect", "provisioned", "data_in", "data_out", "publish",
    "content_in", "deleted", "expired",    "finding",     "packet",  "fault",    "verdict"};
inline constexpr std::array<std::string_view, 4> severity_names{"", "info", "warning", "violation"};

// One bucket per observation; cumulative only when rendered.
struct LatencyCounts {
    static constexpr std::array<std::uint64_t, 13> bounds_us{50,     100,    250,    500,     1'000,   2'500,    5'000,
                                                             10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000};
    std::array<std::uint64_t, bounds_us.size() + 1> buckets{};  // the last: above all bounds
    std::uint64_t sum_us = 0;
};

// One writing thread, any reading thread.
class LatencyHistogram {
  public:
    void observe(std::uint64_t us);
    LatencyCounts snapshot() const;

  private:
    std::array<std::atomic<std::uint64_t>, LatencyCounts::bounds_us.size() + 1> buckets_{};
    std::atomic<std::uint64_t> sum_us_{0};
};

// Counts by a label made at run time. Holds at most 64 labels, then counts under "other".
class LabelledCounts {
  public:
    void add(std::string_view label, std::uint64_t by = 1);
    const std::vector<std::pair<std::string, std::uint64_t>>& all() const { return counts_; }

  private:
    std::vector<std::pair<std::string, std::uint64_t>> counts_;
};

// Plain values: the loop thread's own, and most of a snapshot.
struct Counters {
    std::array<std::uint64_t, port_kind_names.size()> connections_open{};
    std::array<std::uint64_t, port_kind_names.size()> connections{};
    std::array<std::array<std::uint64_t, direction_names.size()>, packet_type_names.size()>
        packets{};  // [type][direction]
    std::array<std::uint64_t, direction_names.size()> bytes{};
    std::array<std::uint64_t, event_type_names.size()> events{};
    std::array<std::uint64_t, severity_names.size()> findings{};
    LabelledCounts handshake_failures;  // by reason, a short word such as "no_sni"
    LabelledCounts fault_hits;          // by kind

    std::uint64_t dropped_copies = 0;       // messages not sent because too much waited for the device [R45b]
    std::uint64_t refused_connections = 0;  // closed at once: a limit was reached
    std::uint64_t evicted_connections = 0;  // not logged in, closed to make room
    std::uint64_t buffered_bytes = 0;       // now, over all connections
    std::uint64_t paused_connections = 0;   // how often reading was paused because the disk did not keep up
    std::uint64_t downloads = 0;            // now
    std::uint64_t uploads = 0;              // now
    std::uint64_t event_streams = 0;        // now
    std::uint64_t stalled_streams = 0;      // now: event streams whose client does not read

    void connection_opened(PortKind port);
    void connection_closed(PortKind port);
    void count_packet(unsigned type, Direction direction) {
        ++packets[type & 15U][static_cast<std::size_t>(direction)];
    }
    void count_bytes(Direction direction, std::uint64_t count) { bytes[static_cast<std::size_t>(direction)] += count; }
    void count_event(std::size_t type) { ++events.at(type); }              // journal::type_index
    void count_finding(std::size_t severity) { ++findings.at(severity); }  // journal::severity_index
    void count_dropped_copy() { ++dropped_copies; }
    void count_refused_connection() { ++refused_connections; }
    void count_evicted_connection() { ++evicted_connections; }
    void count_handshake_failure(std::string_view reason) { handshake_failures.add(reason); }
};

struct Metrics : Counters {
    LatencyHistogram commit_latency;  // writer thread: one observation per commit
};

// A snapshot. Besides the counters the caller fills in values that are kept elsewhere.
struct MetricsSnapshot {
    explicit MetricsSnapshot(const Metrics& metrics);

    Counters counters;
    LatencyCounts commit_latency;
    std::uint64_t failed_commits = 0;
    std::uint64_t journal_dropped = 0;  // events
    std::uint64_t outbox_bytes = 0;     // output that waits for devices
    std::uint64_t queued_bytes = 0;     // waiting for the disk
    std::uint64_t resident_bytes = 0;   // resident_memory_bytes()
    std::int64_t process_start_us = 0;  // real time, since 1970
    std::string_view version;
};

// Prometheus text exposition format 0.0.4 (`text/plain; version=0.0.4; charset=utf-8`).
std::string render_prometheus(const MetricsSnapshot& snapshot);

// Of this process; 0: unknown.
std::uint64_t resident_memory_bytes();

}  // namespace runtime
