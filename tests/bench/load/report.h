#pragma once
// One line of JSON on standard output: the results of one run.

#include "tests/bench/load/histogram.h"
#include "tests/bench/load/process_cost.h"

#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

namespace load {

class Report {
  public:
    Report& add(const std::string& name, double value) {
        text_ << (empty_ ? "" : ", ") << '"' << name << "\": " << std::setprecision(12) << value;
        empty_ = false;
        return *this;
    }
    Report& add(const std::string& name, const std::string& value) {
        text_ << (empty_ ? "" : ", ") << '"' << name << "\": \"" << value << '"';
        empty_ = false;
        return *this;
    }
    Report& add(const Histogram& latencies) {
        if (latencies.count() == 0) return *this;
        return add("p50_us", static_cast<double>(latencies.percentile(0.5)) / 1e3)
            .add("p99_us", static_cast<double>(latencies.percentile(0.99)) / 1e3)
            .add("p999_us", static_cast<double>(latencies.percentile(0.999)) / 1e3)
            .add("max_us", static_cast<double>(latencies.max()) / 1e3);
    }
    void print() const { std::cout << '{' << text_.str() << "}\n" << std::flush; }

  private:
    std::ostringstream text_;
    bool empty_ = true;
};

// Processor time between two moments, of the server and of this process.
class CostMeter {
  public:
    explicit CostMeter(int server_pid) : server_pid_(server_pid) {}
    void begin() {
        if (server_pid_ != 0) server_ = -cpu_seconds(server_pid_);
        own_ = -cpu_seconds(0);
    }
    void end() {
        if (server_pid_ != 0) server_ += cpu_seconds(server_pid_);
        own_ += cpu_seconds(0);
    }
    void add_to(Report& report) const {
        report.add("server_cpu_s", server_).add("own_cpu_s", own_);
        if (server_pid_ != 0) report.add("server_rss", resident_bytes(server_pid_));
    }

  private:
    int server_pid_;
    double server_ = 0;
    double own_ = 0;
};

}  // namespace load
