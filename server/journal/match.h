#pragma once
// An event that a caller waits for, and why a similar event does not match. Pure.

#include "server/journal/filter.h"
#include "server/journal/payload_match.h"

#include <optional>
#include <string>

namespace journal {

struct Match {
    Filter filter;
    PayloadMatch payload;
};

bool matches(const Match& match, const Recorded& recorded);

// How similar an event is; lower is closer; nullopt: too different to mention.
std::optional<unsigned> nearness(const Match& match, const Recorded& recorded);

// One sentence without full stop: `it reports "temprature", not "temperature"`. For an event with a nearness.
std::string why_not(const Match& match, const Recorded& recorded);

}  // namespace journal
