#pragma once
// One event that somebody waits for, and why an event that came near is not it. Pure.

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

// How near an event came, the lower the nearer; nullopt: it has too little in common to be told.
std::optional<unsigned> nearness(const Match& match, const Recorded& recorded);

// One sentence without a stop at its end: `it reports "temprature", not "temperature"`. For an event with a nearness.
std::string why_not(const Match& match, const Recorded& recorded);

}  // namespace journal
