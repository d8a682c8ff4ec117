#pragma once
// Properties of a simulated device for any server input and any profile. A broken property aborts.

#include "server/simulator/device.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fuzz {

// A life in virtual time, byte by byte: the next event, and its duration or data.
class SimulatedLife {
  public:
    explicit SimulatedLife(simulator::ProfilePtr profile, bool provisions)
        : device_(std::move(profile), {.identity = "d", .token = provisions ? "" : "t", .seed = 1}) {
        device_.switch_on(now_);
        device_.take_orders();
    }

    void live(std::string_view story) {
        while (!story.empty()) {
            const auto what = static_cast<unsigned char>(story.front());
            story.remove_prefix(1);
            step(what, story);
            settle();
        }
        device_.switch_off();
        require(!device_.deadline());
    }

    void pass(simulator::Span time) {
        now_.steady += time;
        now_.wall_us += time.count();
        settle();
    }

  private:
    void step(unsigned what, std::string_view& story) {
        constexpr unsigned kinds = 6;
        const auto size = std::min<std::size_t>(what / kinds, story.size());
        switch (what % kinds) {
            case 0:
                return device_.opened(now_);
            case 1:
                device_.received(story.substr(0, size), now_);
                return story.remove_prefix(size);
            case 2:
                return device_.closed("lost", now_);
            case 3:
                return pass(std::chrono::milliseconds(1 + 100 * size));
            case 4:
                return device_.downloaded(simulator::DownloadEnd::whole, size, now_);
            default:
                return device_.downloaded(size % 2 == 0 ? simulator::DownloadEnd::cut : simulator::DownloadEnd::refused,
                                          size, now_);
        }
    }

    // A device woken at its deadline must have a later deadline, otherwise the loop would spin.
    void settle() {
        device_.take_orders();
        const auto deadline = device_.deadline();
        require(deadline.has_value());
        if (*deadline > now_.steady) return;
        device_.wake(now_);
        const auto next = device_.deadline();
        require(next && *next > now_.steady);
        device_.take_orders();
    }

    simulator::Now now_{simulator::Steady(std::chrono::hours(1)), 1'700'000'000'000'000};
    simulator::Device device_;
};

inline void simulated_device(std::string_view story) {
    for (const bool provisions : {true, false})
        SimulatedLife(simulator::built_in_profile("tutorial"), provisions).live(story);
}

// An accepted profile makes a device that can live, with valid JSON values.
inline void simulated_profile(std::string_view text) {
    config::Problems problems;
    const auto profile = simulator::parse_profile(std::string(text), "fuzz", problems);
    require((profile == nullptr) != problems.ok());
    if (!profile) return;
    simulator::Chance chance(1);
    simulator::Memory memory{std::vector<double>(profile->slots)};
    for (const auto& resource : profile->resources) {
        if (!resource.report) continue;
        simulator::begin(*resource.report, memory, chance);
        const auto value = simulator::next_value(*resource.report, {5, 1}, {{"s", "1e400"}}, memory, chance);
        const auto json = simulator::json_text(value);
        require(config::parse_json(json, config::JsonDialect::strict).faults.empty());
    }
    SimulatedLife life(profile, false);
    for (int i = 0; i < 20; ++i) life.pass(std::chrono::seconds(1));
}

}  // namespace fuzz
