#pragma once
// Many connections of one kind, opened a few at a time.

#include "tests/bench/load/connection.h"
#include "tests/bench/load/options.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace load {

// "d000042": the device's id; its token is the same number, as in the settings written by compare.py.
std::string device_id(std::size_t number);
Credentials credentials_of(std::size_t number);

Endpoint endpoint_of(const Options& options);

class Fleet {
  public:
    // The handler calls ready() when a connection has its CONNACK or SUBACK.
    Fleet(Loop& loop, const Options& options, Handler& handler);

    // Opens all, and returns when all are ready; `tick` is called meanwhile.
    void open_all();
    void ready() noexcept { ++ready_; }
    bool all_ready() const noexcept { return ready_ == connections_.size(); }

    std::size_t size() const noexcept { return connections_.size(); }
    Connection& at(std::size_t index) { return *connections_.at(index); }

  private:
    void open_some();

    Loop& loop_;
    const Options& options_;
    Endpoint endpoint_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::size_t opened_ = 0;
    std::size_t ready_ = 0;
};

}  // namespace load
