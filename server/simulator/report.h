#pragma once
// A device's measurements and their messages: one value by its resource's topic, several as an object, older ones as a
// batch with timestamps. [R37], [R38], [R39] Pure.

#include "server/simulator/misbehaviour.h"
#include "server/simulator/profile.h"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

struct Measured {
    std::string_view alias;  // from the profile
    Value value;
};

struct Report {
    Now at;
    std::vector<Measured> values;
};

// The `count` oldest as one message.
ReportText report_text(const std::deque<Report>& reports, std::size_t count, Now now, Misbehaviour misbehaviour);

// The profile used if none is named: some misbehaviours need a number, which the tutorial's connector does not have.
std::string_view usual_profile(std::span<const Misbehaviour> misbehaviours);
// Why devices of that profile cannot misbehave so, as a sentence; empty: they can.
std::string misfit(const Profile& profile, std::span<const Misbehaviour> misbehaviours);

}  // namespace simulator
