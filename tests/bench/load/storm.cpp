#include "tests/bench/load/storm.h"

#include <stdexcept>

#include <unistd.h>

namespace load {
namespace {

constexpr unsigned publish_type = 3;

}  // namespace

StormRun::StormRun(const Options& options)
    : options_(options),
      fleet_(loop_, options_, *this),
      cost_(options.server_pid),
      prefix_("p" + std::to_string(::getpid()) + "-" + std::to_string(now_ns()) + "-") {}

void StormRun::open(Connection& connection) {
    if (options_.provision) connection.who() = {prefix_ + std::to_string(begun_), {}, {}};
    ++begun_;
    connection.open();
}

void StormRun::on_connack(Connection& connection) {
    if (!options_.provision) return finish(connection);
    append_publish(connection.out(), "$provision/" + connection.who().client_id, {}, 0, 0);
    connection.flush();
}

void StormRun::on_packet(Connection& connection, const protocol::Frame& packet) {
    if (packet.first_byte >> 4U != publish_type || !options_.provision)
        throw std::runtime_error("a packet that nobody asked for");
    finish(connection);
}

void StormRun::finish(Connection& connection) {
    latencies_.add(now_ns() - connection.opened_ns());
    ++finished_;
    if (connection.stream().resumed()) ++resumed_;
    if (kind_.empty()) kind_ = connection.stream().description();
    append_disconnect(connection.out());
    connection.flush();
    connection.close();
    free_.push_back(connection.index());
}

// Not from within the callbacks of the connection that has just been closed.
void StormRun::reopen() {
    for (const std::size_t index : free_) open(fleet_.at(index));
    free_.clear();
}

void StormRun::run_phase(double seconds) {
    const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
    const auto patience = std::chrono::seconds(options_.patience_s + static_cast<std::size_t>(seconds));
    const auto complete = [&] { return options_.messages > 0 ? finished_ >= options_.messages : now_ns() >= end; };
    loop_.run(
        complete, [this] { reopen(); }, patience);
}

void StormRun::run() {
    for (std::size_t index = 0; index < fleet_.size(); ++index) open(fleet_.at(index));
    if (options_.messages == 0) run_phase(options_.warmup);
    latencies_.clear();
    const std::uint64_t before = finished_;
    const std::uint64_t resumed_before = resumed_;
    cost_.begin();
    const std::uint64_t began = now_ns();
    run_phase(options_.seconds);
    const double elapsed = static_cast<double>(now_ns() - began) / 1e9;
    cost_.end();
    const auto count = static_cast<double>(finished_ - before);
    if (finished_ == before) throw std::runtime_error("no connection was accepted");
    Report result;
    result.add("rate", count / elapsed).add("messages", count).add("elapsed_s", elapsed).add("connection", kind_);
    result.add("resumed", static_cast<double>(resumed_ - resumed_before) / count).add(latencies_);
    cost_.add_to(result);
    result.print();
}

}  // namespace load
