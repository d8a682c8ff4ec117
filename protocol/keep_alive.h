#pragma once
// How long a client may be silent [MQTT-3.1.2-24]. Monotonic time, passed in by the caller.

#include <chrono>
#include <cstdint>
#include <optional>

namespace protocol {

using TimePoint = std::chrono::steady_clock::time_point;

class KeepAlive {
  public:
    // keep_alive_s: as in CONNECT; 0 disables it.
    void start(std::uint16_t keep_alive_s, TimePoint now) noexcept {
        allowed_silence_ = std::chrono::milliseconds(keep_alive_s * 1500);
        last_packet_ = before_ = now;
    }

    // A packet arrived.
    void touch(TimePoint now) noexcept {
        before_ = last_packet_;
        last_packet_ = now;
    }
    // That packet does not count.
    void untouch() noexcept { last_packet_ = before_; }

    // nullopt: never.
    std::optional<TimePoint> deadline() const noexcept {
        if (allowed_silence_.count() == 0) return std::nullopt;
        return last_packet_ + allowed_silence_;
    }

    bool expired(TimePoint now) const noexcept {
        const auto end = deadline();
        return end && now >= *end;
    }

  private:
    std::chrono::milliseconds allowed_silence_{0};
    TimePoint last_packet_{};
    TimePoint before_{};
};

}  // namespace protocol
