#include "server/simulator/profile.h"

#include <algorithm>
#include <array>

namespace simulator {
namespace {

// The connector that every connector is by default, as the tutorial of Murano's MQTT API has it.
constexpr std::string_view tutorial = R"({
  "report_interval_s": 5,
  "resources": {
    "data_in": {
      "format": "string",
      "report": {
        "members": {
          "001": {"sine": {"mean": 21, "amplitude": 2, "period_s": 600}},
          "002": {"random_walk": {"start": 45, "step": 0.5, "least": 20, "most": 80, "decimals": 1}},
        },
      },
    },
    "config_io": {"format": "string", "setting": {"apply_after_s": 0.2}},
    "data_out": {"format": "string", "setting": {"apply_after_s": 0.2}},
  },
}
)";

// A room that is heated: its temperature goes to the setpoint that the cloud sets.
constexpr std::string_view thermostat = R"({
  "report_interval_s": 10,
  "resources": {
    "temperature": {
      "format": "number",
      "report": {"follow": {"setting": "setpoint", "start": 18, "rate_per_s": 0.05}},
    },
    "humidity": {
      "format": "number",
      "report": {"random_walk": {"start": 45, "step": 0.5, "least": 20, "most": 80, "decimals": 1}},
    },
    "window_open": {
      "format": "boolean",
      "report": {"steps": {"values": [false, false, false, true], "every_s": 300}},
    },
    "setpoint": {"format": "number", "setting": {"apply_after_s": 0.5}},
    "mode": {"format": "string", "setting": {"apply_after_s": 0.5}},
  },
}
)";

struct BuiltIn {
    std::string_view name, text;
};
constexpr std::array profiles{BuiltIn{"tutorial", tutorial}, BuiltIn{"thermostat", thermostat}};

}  // namespace

std::vector<std::string_view> built_in_profiles() {
    std::vector<std::string_view> names;
    names.reserve(profiles.size());
    for (const auto& profile : profiles) names.push_back(profile.name);
    return names;
}

std::string_view built_in_profile_text(std::string_view name) {
    const auto found =
        std::find_if(profiles.begin(), profiles.end(), [&](const auto& one) { return one.name == name; });
    return found == profiles.end() ? std::string_view() : found->text;
}

ProfilePtr built_in_profile(std::string_view name) {
    const auto text = built_in_profile_text(name);
    if (text.empty()) return nullptr;
    config::Problems none;
    return parse_profile(std::string(text), std::string(name), none);
}

}  // namespace simulator
