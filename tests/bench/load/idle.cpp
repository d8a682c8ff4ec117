#include "tests/bench/load/idle.h"

#include <stdexcept>

namespace load {

IdleRun::IdleRun(const Options& options) : options_(options), fleet_(loop_, options_, *this) {
    if (options.server_pid == 0) throw std::invalid_argument("idle needs --server-pid");
}

// After the last CONNACK the server has --seconds to give back what it took for handshakes; then its own processor
// time is measured for as long again: an idle connection should cost none.
void IdleRun::run() {
    const double before = resident_bytes(options_.server_pid);
    const std::uint64_t began = now_ns();
    fleet_.open_all();
    const double opening = static_cast<double>(now_ns() - began) / 1e9;
    const auto wait = [this] {
        const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(options_.seconds * 1e9);
        loop_.run([end] { return now_ns() >= end; }, {}, std::chrono::seconds(options_.patience_s));
    };
    wait();
    const double after = resident_bytes(options_.server_pid);
    CostMeter cost(options_.server_pid);
    cost.begin();
    wait();
    cost.end();
    const auto count = static_cast<double>(fleet_.size());
    Report result;
    result.add("bytes_per_connection", (after - before) / count).add("messages", count).add("opening_s", opening);
    result.add("connection", fleet_.at(0).stream().description());
    cost.add_to(result);
    result.print();
}

}  // namespace load
