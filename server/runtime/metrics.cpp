#include "server/runtime/metrics.h"

#include <algorithm>
#include <fstream>

#include <unistd.h>

namespace runtime {

void LatencyHistogram::observe(std::uint64_t us) {
    const auto& bounds = LatencyCounts::bounds_us;
    const auto bucket = static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), us) - bounds.begin());
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    sum_us_.fetch_add(us, std::memory_order_relaxed);
}

LatencyCounts LatencyHistogram::snapshot() const {
    LatencyCounts counts;
    for (std::size_t i = 0; i < buckets_.size(); ++i) counts.buckets[i] = buckets_[i].load(std::memory_order_relaxed);
    counts.sum_us = sum_us_.load(std::memory_order_relaxed);
    return counts;
}

void LabelledCounts::add(std::string_view label, std::uint64_t by) {
    constexpr std::size_t max_labels = 64;
    const auto find = [this](std::string_view wanted) {
        return std::find_if(counts_.begin(), counts_.end(),
                            [wanted](const auto& entry) { return entry.first == wanted; });
    };
    auto entry = find(label);
    if (entry == counts_.end() && counts_.size() >= max_labels - 1) {
        label = "other";
        entry = find(label);
    }
    if (entry == counts_.end()) entry = counts_.emplace(counts_.end(), label, 0);
    entry->second += by;
}

void Counters::connection_opened(PortKind port) {
    ++connections_open[static_cast<std::size_t>(port)];
    ++connections[static_cast<std::size_t>(port)];
}

void Counters::connection_closed(PortKind port) {
    --connections_open[static_cast<std::size_t>(port)];
}

MetricsSnapshot::MetricsSnapshot(const Metrics& metrics)
    : counters(static_cast<const Counters&>(metrics)), commit_latency(metrics.commit_latency.snapshot()) {}

std::uint64_t resident_memory_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    if (!(statm >> total_pages >> resident_pages)) return 0;
    return resident_pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace runtime
