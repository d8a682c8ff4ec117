#pragma once
// Two clients with one ClientID that displace each other repeatedly: one finding per episode. [R22] Pure; times are
// real, in µs. One thread.

#include "server/murano/finding.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace murano {

class Takeovers {
  public:
    // A connection displaced an older one. Returns a finding once more than three did within ten seconds, and no other
    // one before ten seconds have passed without any.
    std::optional<Finding> note(std::string_view client_id, std::string_view older_address,
                                std::string_view newer_address, std::int64_t now_us);

  private:
    static constexpr std::int64_t window_us = 10'000'000;
    static constexpr std::size_t most_tolerated = 3;

    std::string client_id_;
    std::vector<std::int64_t> times_;  // the newest few, oldest first
    bool told_ = false;
};

}  // namespace murano
