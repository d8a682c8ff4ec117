#pragma once
// What a device has measured, and how it tells the cloud: one value by its resource's topic, several as an object,
// older ones as a batch with their timestamps. [R37], [R38], [R39] Pure.

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
    std::string_view alias;  // of the profile
    Value value;
};

struct Report {
    Now at;
    std::vector<Measured> values;
};

// The `count` oldest as one message.
ReportText report_text(const std::deque<Report>& reports, std::size_t count, Now now, Misbehaviour misbehaviour);

// Some mistakes need a number to be made with, which the tutorial's connector has not. Where no profile is named, this
// one is meant.
std::string_view usual_profile(std::span<const Misbehaviour> misbehaviours);
// Why devices of that profile cannot do that wrong, as a sentence; empty: they can.
std::string misfit(const Profile& profile, std::span<const Misbehaviour> misbehaviours);

}  // namespace simulator
