#pragma once
// Many silent connections: the server's memory for each.

#include "tests/bench/load/fleet.h"
#include "tests/bench/load/report.h"

namespace load {

class IdleRun : public Handler {
  public:
    explicit IdleRun(const Options& options);
    void run();

    void on_connack(Connection&) override { fleet_.ready(); }
    void on_packet(Connection&, const protocol::Frame&) override {}

  private:
    Options options_;
    Loop loop_;
    Fleet fleet_;
};

}  // namespace load
