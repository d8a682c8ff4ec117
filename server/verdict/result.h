#pragma once
// The result of a check. Plain values; any thread.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdict {

// From good to bad: the outcome of a run is the worst of its checks. [verdict.md 1]
enum class Outcome : std::uint8_t { not_run, passed, warned, failed };

constexpr std::string_view outcome_name(Outcome outcome) {
    switch (outcome) {
        case Outcome::not_run:
            return "not_run";
        case Outcome::passed:
            return "passed";
        case Outcome::warned:
            return "warned";
        case Outcome::failed:
            break;
    }
    return "failed";
}

struct Measured {
    std::string name;  // with its unit: "first_pause_s"
    double number = 0;
};

struct Result {
    Outcome outcome = Outcome::not_run;
    std::string message = {};  // what the device did, in numbers, one or two sentences
    std::string hint = {};     // what to change; empty if it passed
    std::vector<Measured> measured = {};
    std::vector<std::uint64_t> evidence = {};  // cursors of journal events, at most max_evidence
    // True: staying away afterwards is not held against the device.
    bool may_stay_away = false;
};

inline constexpr std::size_t max_evidence = 20;

inline Result passed(std::string message) {
    return {Outcome::passed, std::move(message)};
}
inline Result warned(std::string message, std::string hint) {
    return {Outcome::warned, std::move(message), std::move(hint)};
}
inline Result failed(std::string message, std::string hint) {
    return {Outcome::failed, std::move(message), std::move(hint)};
}
inline Result not_run(std::string why) {
    return {Outcome::not_run, std::move(why)};
}

}  // namespace verdict
