#pragma once
// Decides which connections the ports accept, and which one is closed for another: counts only, no sockets. One thread.
//
// A device connection is authenticated once a device has logged in on it. Unauthenticated ones take at most half of the
// places, and the oldest of them is closed first, so that none of them keeps a newcomer out. Control ports have places
// of their own, so that a flood of devices never locks out the test that observes it.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace net {

struct AdmissionLimits {
    std::size_t connections = 20'000;  // device ports
    std::size_t per_address = 0;       // device ports, from one IP address; 0: no limit
    std::size_t control = 1'000;       // control ports
};

// Fewer places if the system allows few open files, because a connection needs one and the server needs some itself
// (database, content, log, ports). Never more places than `wanted`, at least one of each kind.
AdmissionLimits within_open_files(const AdmissionLimits& wanted, std::uint64_t files);

class Admission {
  public:
    using Number = std::uint64_t;  // of a connection, rising
    enum class Verdict : std::uint8_t { admitted, full, address_full };

    explicit Admission(const AdmissionLimits& limits) : limits_(limits) {}

    Verdict admit(Number number, std::string_view ip);
    Verdict admit_control();
    void authenticated(Number number) { strangers_.erase(number); }
    void released(Number number, std::string_view ip);
    void released_control() { --control_; }

    // The connection to close now: the oldest unauthenticated one, if there are too many.
    std::optional<Number> surplus() const;

    std::size_t unauthenticated() const { return strangers_.size(); }
    const AdmissionLimits& limits() const { return limits_; }

  private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    AdmissionLimits limits_;
    std::size_t devices_ = 0;
    std::size_t control_ = 0;
    std::set<Number> strangers_;  // not authenticated, oldest first
    std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>> of_address_;  // only if limited
};

}  // namespace net
