#include "tests/bench/load/publish.h"

#include <algorithm>
#include <stdexcept>

namespace load {
namespace {

constexpr unsigned publish_type = 3;
constexpr unsigned puback_type = 4;
constexpr unsigned suback_type = 9;
constexpr unsigned pingresp_type = 13;
constexpr std::size_t chunk_bytes = 32'768;  // QoS 0: what one write carries
constexpr std::uint64_t due_interval_ns = 1'000'000;
constexpr std::chrono::milliseconds second{1000};

std::string batch_payload(std::size_t entries) {
    std::string text = "[";
    for (std::size_t entry = 0; entry < entries; ++entry)
        text += (entry == 0 ? "" : ",") + ("{\"timestamp\":" + std::to_string(1'700'000'000'000'000 + entry)) +
                ",\"values\":{\"data_in\":\"sample " + std::to_string(entry) + "\"}}";
    return text + "]";
}

std::string topic_of(const Options& options, std::size_t number) {
    if (options.batch > 0) return "$resource.batch";
    return options.echo ? "echo/" + device_id(number) : "$resource/data_in";
}

PublishTemplate message_of(const Options& options, const std::string& topic) {
    if (options.batch > 0) return {topic, batch_payload(options.batch), options.qos, false};
    return {topic, std::string(options.payload, 'x'), options.qos, true};
}

}  // namespace

PublishRun::PublishRun(const Options& options)
    : options_(options),
      fleet_(loop_, options_, *this),
      payloads_(options.content, options.payload),
      devices_(options.connections),
      cost_(options.server_pid) {
    if (options.window >= slots) throw std::invalid_argument("--window must be below 1024");
    for (std::size_t index = 0; index < devices_.size(); ++index) {
        devices_[index].topic = topic_of(options_, options_.first_device + index);
        devices_[index].message.push_back(message_of(options_, devices_[index].topic));
        devices_[index].sent_at.resize(slots);
    }
}

void PublishRun::on_connack(Connection& connection) {
    if (!options_.echo) return fleet_.ready();
    append_subscribe(connection.out(), "echo/" + connection.who().client_id);
    connection.flush();
}

void PublishRun::on_packet(Connection& connection, const protocol::Frame& packet) {
    Device& device = devices_[connection.index()];
    switch (packet.first_byte >> 4U) {
        case puback_type:
            return take_puback(device);
        case publish_type:
            ++device.echoed;
            ++total_echoed_;
            return;
        case suback_type:
            return fleet_.ready();
        case pingresp_type:
            ++pongs_;
            return;
        default:
            throw std::runtime_error("a packet that nobody asked for");
    }
}

// Acknowledgements keep the order of the messages, so the id need not be looked at.
void PublishRun::take_puback(Device& device) {
    if (turn_ns_ == 0) turn_ns_ = now_ns();
    latencies_.add(turn_ns_ - device.sent_at[device.acknowledged % slots]);
    ++device.acknowledged;
    ++total_acked_;
}

void PublishRun::on_turn(Connection& connection) {
    turn_ns_ = 0;
    if (sending_ && options_.rate == 0) fill(connection);
}

bool PublishRun::may_send(const Device& device) const {
    return device.sent - device.finished(options_.echo) < options_.window &&
           (options_.messages == 0 || total_sent_ < options_.messages);
}

void PublishRun::send_one(Connection& connection, Device& device, std::uint64_t now) {
    device.sent_at[device.sent % slots] = now;
    const auto id = static_cast<std::uint16_t>(device.sent % 50'000 + 1);
    if (payloads_.empty()) {
        device.message.front().append_to(connection.out(), id, device.sent);
    } else {
        append_publish(connection.out(), device.topic, payloads_.of(connection.index(), device.sent), options_.qos, id);
    }
    ++device.sent;
    ++total_sent_;
}

void PublishRun::fill(Connection& connection) {
    Device& device = devices_[connection.index()];
    if (options_.qos == 0) return fill_unacknowledged(connection, device);
    if (!may_send(device)) return;
    for (const std::uint64_t now = now_ns(); may_send(device);) send_one(connection, device, now);
    connection.flush();
}

// As much as the socket takes, a chunk at a time so that all connections have their turn; the rest waits in out().
void PublishRun::fill_unacknowledged(Connection& connection, Device& device) {
    connection.never_idle(true);
    if (!connection.drained()) return;
    const std::size_t count = std::max<std::size_t>(1, chunk_bytes / device.message.front().size());
    for (std::size_t sent = 0; sent < count && (options_.messages == 0 || total_sent_ < options_.messages); ++sent)
        send_one(connection, device, 0);
    connection.flush();
}

// At a given rate: what is due by now, each device its share in one write.
void PublishRun::send_due() {
    const std::uint64_t now = now_ns();
    if (now < next_due_ns_) return;
    next_due_ns_ = now + due_interval_ns;
    const auto due = static_cast<std::uint64_t>(static_cast<double>(now - phase_began_ns_) / 1e9 * options_.rate);
    const std::uint64_t sent = total_sent_ - phase_sent_;
    if (due <= sent) return;
    const std::uint64_t share = (due - sent + devices_.size() - 1) / devices_.size();
    for (std::size_t turns = 0; turns < devices_.size() && total_sent_ - phase_sent_ < due; ++turns) {
        const std::size_t index = next_device_++ % devices_.size();
        for (std::uint64_t count = 0; count < share && may_send(devices_[index]); ++count)
            send_one(fleet_.at(index), devices_[index], now);
        fleet_.at(index).flush();
    }
}

std::uint64_t PublishRun::done() const {
    if (options_.qos == 0) return total_sent_;
    return options_.echo ? std::min(total_acked_, total_echoed_) : total_acked_;
}

// Everything that was sent has been handled: every connection's PINGREQ is answered.
void PublishRun::barrier() {
    sending_ = false;
    pongs_ = 0;
    for (std::size_t index = 0; index < fleet_.size(); ++index) {
        fleet_.at(index).never_idle(false);
        append_pingreq(fleet_.at(index).out());
        fleet_.at(index).flush();
    }
    const auto complete = [this] {
        return pongs_ == fleet_.size() &&
               (options_.qos == 0 || (total_acked_ == total_sent_ && (!options_.echo || total_echoed_ == total_sent_)));
    };
    loop_.run(complete, {}, std::chrono::seconds(options_.patience_s));
}

void PublishRun::run_phase(double seconds, std::uint64_t until_done) {
    phase_began_ns_ = now_ns();
    phase_sent_ = total_sent_;
    const std::uint64_t end = phase_began_ns_ + static_cast<std::uint64_t>(seconds * 1e9);
    const auto tick = [this] {
        if (options_.rate > 0) send_due();
        if (line_ns_ != 0 && now_ns() >= line_ns_) report_line();
    };
    const auto complete = [&] { return until_done > 0 ? done() >= until_done : now_ns() >= end; };
    const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(seconds * second) +
                          std::chrono::seconds(options_.patience_s);
    loop_.run(complete, tick, patience, std::chrono::milliseconds(options_.rate > 0 ? 1 : 10));
}

void PublishRun::run() {
    fleet_.open_all();
    sending_ = true;
    if (options_.rate == 0)
        for (std::size_t index = 0; index < fleet_.size(); ++index) fill(fleet_.at(index));
    if (options_.qos > 0 && options_.messages == 0) run_phase(options_.warmup, 0);
    latencies_.clear();
    cost_.begin();
    const std::uint64_t began = now_ns();
    const std::uint64_t before = options_.qos == 0 || options_.messages > 0 ? 0 : done();
    if (options_.report_every > 0) line_ns_ = began + static_cast<std::uint64_t>(options_.report_every * 1e9);
    line_done_ = before;
    run_phase(options_.seconds, options_.messages);
    if (options_.qos == 0) barrier();
    const std::uint64_t elapsed = now_ns() - began;
    const std::uint64_t count = done() - before;
    cost_.end();
    report(static_cast<double>(elapsed) / 1e9, count);
}

// Progress of a long run: the numbers since the last line.
void PublishRun::report_line() {
    const auto step = static_cast<std::uint64_t>(options_.report_every * 1e9);
    Report line;
    line.add("interval_rate", static_cast<double>(done() - line_done_) / options_.report_every).add(latencies_);
    line.print();
    latencies_.clear();
    line_done_ = done();
    line_ns_ += step;
}

void PublishRun::report(double elapsed, std::uint64_t count) {
    const std::string kind = fleet_.at(0).stream().description();
    Report result;
    result.add("rate", static_cast<double>(count) / elapsed).add("messages", static_cast<double>(count));
    result.add("elapsed_s", elapsed).add("connection", kind);
    cost_.add_to(result);
    if (options_.qos > 0) {
        result.add(latencies_);
        barrier();
        result.add("lost", static_cast<double>(total_sent_ - total_acked_));
    }
    result.print();
}

}  // namespace load
