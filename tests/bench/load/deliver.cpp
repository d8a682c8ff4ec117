#include "tests/bench/load/deliver.h"

#include <stdexcept>

namespace load {
namespace {

constexpr unsigned publish_type = 3;
constexpr unsigned puback_type = 4;
constexpr unsigned suback_type = 9;

std::string cloud_topic(const std::string& device) {
    return "cloud/" + device;
}

std::string patch_request(const Options& options, const std::string& device) {
    const std::string connector = options.sni.substr(0, options.sni.find('.'));
    const std::string body = "{\"data_out\":\"" + std::string(options.payload, 'x') + "\"}";
    return "PATCH /api:1/service/" + connector + "/device2/identity/" + device +
           "/state HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

DeliverRun::DeliverRun(const Options& options)
    : options_(options),
      fleet_(loop_, options_, *this),
      api_{options.api_port, {}, nullptr, false},
      broker_(endpoint_of(options)),
      sent_at_(options.connections),
      cost_(options.server_pid) {}

void DeliverRun::on_connack(Connection& connection) {
    if (is_publisher(connection)) {
        publisher_ready_ = true;
        return;
    }
    if (options_.api_port != 0) return fleet_.ready();  // Murano needs no subscription for it [R31]
    append_subscribe(connection.out(), cloud_topic(connection.who().client_id));
    connection.flush();
}

void DeliverRun::on_packet(Connection& connection, const protocol::Frame& packet) {
    switch (packet.first_byte >> 4U) {
        case suback_type:
            return fleet_.ready();
        case puback_type:
            ++confirmed_;
            return;
        case publish_type:
            // What a device got at its CONNECT, from an earlier run, is not counted.
            if (sent_at_[connection.index()] == 0) return;
            latencies_.add(now_ns() - sent_at_[connection.index()]);
            ++delivered_;
            return;
        default:
            throw std::runtime_error("a packet that nobody asked for");
    }
}

std::size_t DeliverRun::next_device() {
    const std::size_t index = sent_++ % fleet_.size();
    sent_at_[index] = now_ns();
    return index;
}

void DeliverRun::send_next(HttpClient& client) {
    client.send(patch_request(options_, fleet_.at(next_device()).who().client_id));
}

void DeliverRun::open_api() {
    // 127.0.0.1 alone: the control API listens there, as it does by default.
    for (std::size_t count = 0; count < options_.window; ++count)
        clients_.push_back(std::make_unique<HttpClient>(loop_, api_, 0, [this](HttpClient& client, auto) {
            ++confirmed_;
            send_next(client);
        }));
    for (const auto& client : clients_) {
        client->open();
        send_next(*client);
    }
}

void DeliverRun::open_publisher() {
    publisher_ = std::make_unique<Connection>(loop_, broker_, *this, fleet_.size(), Credentials{"cloud", {}, {}});
    publisher_->open();
    loop_.run([this] { return publisher_ready_; }, {}, std::chrono::seconds(options_.patience_s));
}

void DeliverRun::send_more() {
    if (!publisher_ || sent_ - confirmed_ >= options_.window) return;
    const std::string payload(options_.payload, 'x');
    while (sent_ - confirmed_ < options_.window) {
        const auto id = static_cast<std::uint16_t>(sent_ % 50'000 + 1);
        append_publish(publisher_->out(), cloud_topic(fleet_.at(next_device()).who().client_id), payload, 1, id);
    }
    publisher_->flush();
}

void DeliverRun::run_phase(double seconds) {
    const std::uint64_t end = now_ns() + static_cast<std::uint64_t>(seconds * 1e9);
    const auto patience = std::chrono::seconds(options_.patience_s + static_cast<std::size_t>(seconds));
    loop_.run([end] { return now_ns() >= end; }, [this] { send_more(); }, patience);
}

void DeliverRun::run() {
    fleet_.open_all();
    if (options_.api_port != 0)
        open_api();
    else
        open_publisher();
    run_phase(options_.warmup);
    latencies_.clear();
    const std::uint64_t before = delivered_;
    cost_.begin();
    const std::uint64_t began = now_ns();
    run_phase(options_.seconds);
    const double elapsed = static_cast<double>(now_ns() - began) / 1e9;
    cost_.end();
    const auto count = static_cast<double>(delivered_ - before);
    Report result;
    result.add("rate", count / elapsed).add("messages", count).add("elapsed_s", elapsed).add(latencies_);
    result.add("connection", fleet_.at(0).stream().description());
    cost_.add_to(result);
    result.print();
}

}  // namespace load
