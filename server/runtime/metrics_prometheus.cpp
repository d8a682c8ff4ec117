#include "server/runtime/metrics.h"

#include <array>
#include <cstdio>

namespace runtime {
namespace {

constexpr std::string_view prefix = "murano_emulator_";

struct Label {
    std::string_view name;
    std::string_view value;
};

class Exposition {
  public:
    // Starts a family: every sample that follows belongs to it, as the format wants it.
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = std::string(prefix).append(name);
        text_.append("# HELP ").append(name_).append(" ").append(help).append("\n");
        text_.append("# TYPE ").append(name_).append(" ").append(type).append("\n");
    }

    void sample(std::string_view value, std::string_view suffix = {}) {
        text_.append(name_).append(suffix).append(" ").append(value).append("\n");
    }
    void sample(std::uint64_t value, std::string_view suffix = {}) { sample(std::to_string(value), suffix); }
    void sample(Label label, std::uint64_t value, std::string_view suffix = {}) {
        text_.append(name_).append(suffix).append("{");
        append(label);
        text_.append("} ").append(std::to_string(value)).append("\n");
    }
    void sample(Label first, Label second, std::uint64_t value) {
        text_.append(name_).append("{");
        append(first);
        text_.push_back(',');
        append(second);
        text_.append("} ").append(std::to_string(value)).append("\n");
    }

    void single(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
        family(name, type, help);
        sample(value);
    }

    std::string take() { return std::move(text_); }

  private:
    void append(Label label) {
        text_.append(label.name).append("=\"");
        for (const char c : label.value) {
            if (c == '\\' || c == '"') text_.push_back('\\');
            if (c == '\n') {
                text_.append("\\n");
            } else {
                text_.push_back(c);
            }
        }
        text_.push_back('"');
    }

    std::string text_;
    std::string name_;
};

// Base units: seconds, with the digits that microseconds have and no rounding.
std::string seconds(std::uint64_t us) {
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%llu.%06llu", static_cast<unsigned long long>(us / 1'000'000),
                      static_cast<unsigned long long>(us % 1'000'000));
    std::string out(text.data(), static_cast<std::size_t>(length));
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}

template <std::size_t Size>
void by_label(Exposition& out, std::string_view label, const std::array<std::string_view, Size>& names,
              const std::array<std::uint64_t, Size>& counts) {
    for (std::size_t i = 0; i < Size; ++i) {
        if (!names[i].empty()) out.sample({label, names[i]}, counts[i]);
    }
}

void connections(Exposition& out, const Counters& counters) {
    out.family("connections_open", "gauge", "Connections that are open now, by port.");
    by_label(out, "port", port_kind_names, counters.connections_open);
    out.family("connections_total", "counter", "Connections accepted, by port.");
    by_label(out, "port", port_kind_names, counters.connections);
    out.family("tls_handshake_failures_total", "counter", "TLS handshakes that failed, by reason.");
    for (const auto& [reason, count] : counters.handshake_failures.all()) out.sample({"reason", reason}, count);
}

void packets(Exposition& out, const Counters& counters) {
    out.family("packets_total", "counter", "MQTT packets, by type and direction (in: from devices).");
    for (std::size_t direction = 0; direction < direction_names.size(); ++direction) {
        const Label second{"direction", direction_names[direction]};
        for (std::size_t type = 1; type < 15; ++type) {
            out.sample({"type", packet_type_names[type]}, second, counters.packets[type][direction]);
        }
        out.sample({"type", packet_type_names[0]}, second,
                   counters.packets[0][direction] + counters.packets[15][direction]);
    }
    out.family("bytes_total", "counter", "Bytes of MQTT and HTTP, TLS not counted, by direction (in: from devices).");
    by_label(out, "direction", direction_names, counters.bytes);
}

void events(Exposition& out, const MetricsSnapshot& snapshot) {
    out.family("events_total", "counter", "Journal events, by type.");
    by_label(out, "type", event_type_names, snapshot.counters.events);
    out.family("findings_total", "counter", "Findings about what devices do, by severity.");
    by_label(out, "severity", severity_names, snapshot.counters.findings);
    out.family("fault_hits_total", "counter", "What faults did, by kind.");
    for (const auto& [kind, count] : snapshot.counters.fault_hits.all()) out.sample({"kind", kind}, count);
    out.single("journal_events_dropped_total", "counter", "Journal events removed by the caps or by a reset.",
               snapshot.journal_dropped);
}

void commits(Exposition& out, const MetricsSnapshot& snapshot) {
    const LatencyCounts& latency = snapshot.commit_latency;
    std::uint64_t count = 0;
    for (const std::uint64_t bucket : latency.buckets) count += bucket;
    out.single("commits_total", "counter", "Database commits, failed ones included.", count);
    out.single("commits_failed_total", "counter", "Database commits that failed.", snapshot.failed_commits);
    out.family("commit_latency_seconds", "histogram", "Time that one database commit took.");
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < LatencyCounts::bounds_us.size(); ++i) {
        cumulative += latency.buckets[i];
        out.sample({"le", seconds(LatencyCounts::bounds_us[i])}, cumulative, "_bucket");
    }
    out.sample({"le", "+Inf"}, count, "_bucket");
    out.sample(seconds(latency.sum_us), "_sum");
    out.sample(count, "_count");
}

// What is waiting for whom, and what goes on: a device, a disk or a reader that does not keep up shows here.
void backpressure(Exposition& out, const MetricsSnapshot& snapshot) {
    const Counters& counters = snapshot.counters;
    out.single("dropped_copies_total", "counter", "Messages not sent because too much waited for the device.",
               counters.dropped_copies);
    out.single("buffered_bytes", "gauge", "Bytes held for incomplete packets and requests, and for unsent output.",
               counters.buffered_bytes);
    out.single("outbox_bytes", "gauge", "Bytes that wait for devices to read them.", snapshot.outbox_bytes);
    out.single("queued_bytes", "gauge", "Bytes that wait to be committed.", snapshot.queued_bytes);
    out.single("paused_connections_total", "counter",
               "How often a connection was not read from for a while, because the disk did not keep up.",
               counters.paused_connections);
    out.single("downloads", "gauge", "Current downloads of content and snapshots.", counters.downloads);
    out.single("uploads", "gauge", "Current uploads of content and snapshots.", counters.uploads);
    out.single("event_streams", "gauge", "Event streams that are open now.", counters.event_streams);
    out.single("event_streams_stalled", "gauge", "Event streams whose client does not read.", counters.stalled_streams);
}

void process(Exposition& out, const MetricsSnapshot& snapshot) {
    out.single("refused_connections_total", "counter", "Connections closed at once because a limit was reached.",
               snapshot.counters.refused_connections);
    out.single("evicted_connections_total", "counter", "Connections without a login, closed to make room for others.",
               snapshot.counters.evicted_connections);
    out.single("resident_memory_bytes", "gauge", "Resident memory of the process.", snapshot.resident_bytes);
    out.family("process_start_time_seconds", "gauge", "Start of the process, real time since 1970.");
    out.sample(seconds(static_cast<std::uint64_t>(snapshot.process_start_us)));
    out.family("build_info", "gauge", "Always 1; the version is the label.");
    out.sample({"version", snapshot.version}, 1);
}

}  // namespace

std::string render_prometheus(const MetricsSnapshot& snapshot) {
    Exposition out;
    connections(out, snapshot.counters);
    packets(out, snapshot.counters);
    events(out, snapshot);
    commits(out, snapshot);
    backpressure(out, snapshot);
    process(out, snapshot);
    return out.take();
}

}  // namespace runtime
