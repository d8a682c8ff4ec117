#pragma once
// Repeated content downloads over the device port on each connection.

#include "tests/bench/load/fleet.h"
#include "tests/bench/load/http_client.h"
#include "tests/bench/load/options.h"
#include "tests/bench/load/report.h"

#include <memory>
#include <vector>

namespace load {

class DownloadRun {
  public:
    explicit DownloadRun(const Options& options);
    void run();

  private:
    std::string request() const;

    Options options_;
    Loop loop_;
    Endpoint endpoint_;
    std::vector<std::unique_ptr<HttpClient>> clients_;
    std::uint64_t downloads_ = 0;
    std::uint64_t bytes_ = 0;
};

}  // namespace load
