#pragma once
// Cloud to device: values for connected devices, one after the other, a few at a time. For ours each is a PATCH of the
// device's state; for a broker a publisher sends QoS 1. A message counts when its device has received it.

#include "tests/bench/load/fleet.h"
#include "tests/bench/load/histogram.h"
#include "tests/bench/load/http_client.h"
#include "tests/bench/load/report.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace load {

class DeliverRun : public Handler {
  public:
    explicit DeliverRun(const Options& options);
    void run();

    void on_connack(Connection& connection) override;
    void on_packet(Connection& connection, const protocol::Frame& packet) override;

  private:
    void open_api();
    void open_publisher();
    void send_more();
    void send_next(HttpClient& client);
    std::size_t next_device();
    void run_phase(double seconds);
    bool is_publisher(const Connection& connection) const { return connection.index() == fleet_.size(); }

    Options options_;
    Loop loop_;
    Fleet fleet_;
    Endpoint api_;
    Endpoint broker_;
    std::vector<std::unique_ptr<HttpClient>> clients_;
    std::unique_ptr<Connection> publisher_;
    bool publisher_ready_ = false;
    std::vector<std::uint64_t> sent_at_;  // ns, by device
    std::uint64_t sent_ = 0;
    std::uint64_t confirmed_ = 0;
    std::uint64_t delivered_ = 0;
    Histogram latencies_;
    CostMeter cost_;
};

}  // namespace load
