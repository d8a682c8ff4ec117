#pragma once
// Collects a device's mistakes for a watch check: how many, and the first as an example.

#include "server/verdict/observation.h"
#include "server/verdict/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace verdict {

class Slips {
  public:
    void add(const Observation& observation, std::string example) {
        if (count_ == 0) example_ = std::move(example);
        ++count_;
        if (observation.cursor != 0 && evidence_.size() < max_evidence) evidence_.push_back(observation.cursor);
    }
    bool any() const { return count_ > 0; }
    std::uint64_t count() const { return count_; }

    // "It published to 'resource/x' (3 times, this one first)."
    std::string text() const {
        if (count_ == 1) return example_ + ".";
        return example_ + " (" + std::to_string(count_) + " times, this is the first).";
    }
    Result fails(std::string hint) const { return as(failed(text(), std::move(hint))); }
    Result warns(std::string hint) const { return as(warned(text(), std::move(hint))); }

  private:
    Result as(Result result) const {
        result.measured = {{"count", static_cast<double>(count_)}};
        result.evidence = evidence_;
        return result;
    }

    std::uint64_t count_ = 0;
    std::string example_;
    std::vector<std::uint64_t> evidence_;
};

}  // namespace verdict
