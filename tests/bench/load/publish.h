#pragma once
// Devices that report as fast as their window allows, or at a given rate.

#include "tests/bench/load/fleet.h"
#include "tests/bench/load/histogram.h"
#include "tests/bench/load/payloads.h"
#include "tests/bench/load/report.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

class PublishRun : public Handler {
  public:
    explicit PublishRun(const Options& options);
    void run();

    void on_connack(Connection& connection) override;
    void on_packet(Connection& connection, const protocol::Frame& packet) override;
    void on_turn(Connection& connection) override;

  private:
    static constexpr std::size_t slots = 1024;  // the largest window

    struct Device {
        std::string topic;
        std::vector<PublishTemplate> message;  // one; a vector because it is made late
        std::vector<std::uint64_t> sent_at;    // ns, by packet id
        std::uint64_t sent = 0;
        std::uint64_t acknowledged = 0;
        std::uint64_t echoed = 0;
        bool pinged = false;

        std::uint64_t finished(bool echo) const { return echo ? std::min(acknowledged, echoed) : acknowledged; }
    };

    void take_puback(Device& device);
    void fill(Connection& connection);
    void fill_unacknowledged(Connection& connection, Device& device);
    void send_one(Connection& connection, Device& device, std::uint64_t now);
    void send_due();
    bool may_send(const Device& device) const;
    std::uint64_t done() const;
    void barrier();
    void run_phase(double seconds, std::uint64_t until_done);
    void report_line();
    void report(double elapsed, std::uint64_t count);

    Options options_;
    Loop loop_;
    Fleet fleet_;
    Payloads payloads_;
    std::vector<Device> devices_;
    Histogram latencies_;
    CostMeter cost_;
    bool sending_ = false;
    std::uint64_t total_sent_ = 0;
    std::uint64_t total_acked_ = 0;
    std::uint64_t total_echoed_ = 0;
    std::size_t pongs_ = 0;
    std::uint64_t turn_ns_ = 0;  // the time of this turn's acknowledgements
    std::uint64_t phase_began_ns_ = 0;
    std::uint64_t phase_sent_ = 0;  // sent before the phase
    std::size_t next_device_ = 0;   // at a given rate
    std::uint64_t next_due_ns_ = 0;
    std::uint64_t line_ns_ = 0;
    std::uint64_t line_done_ = 0;
};

}  // namespace load
