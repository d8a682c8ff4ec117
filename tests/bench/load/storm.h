#pragma once
// Connections that open and close: each slot connects, is accepted, sends DISCONNECT and starts again. With --provision
// every connection is a new device that requests its token.

#include "tests/bench/load/fleet.h"
#include "tests/bench/load/histogram.h"
#include "tests/bench/load/report.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

class StormRun : public Handler {
  public:
    explicit StormRun(const Options& options);
    void run();

    void on_connack(Connection& connection) override;
    void on_packet(Connection& connection, const protocol::Frame& packet) override;

  private:
    void open(Connection& connection);
    void finish(Connection& connection);
    void reopen();
    void run_phase(double seconds);

    Options options_;
    Loop loop_;
    Fleet fleet_;
    std::vector<std::size_t> free_;  // slots waiting for reopen()
    Histogram latencies_;            // from connect() to CONNACK, or to the token
    CostMeter cost_;
    std::string kind_;
    std::string prefix_;  // of new devices' ids, unique to this run
    std::uint64_t begun_ = 0;
    std::uint64_t finished_ = 0;
    std::uint64_t resumed_ = 0;
};

}  // namespace load
