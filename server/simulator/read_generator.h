#pragma once
// Reads the generators of a profile. Mistakes go to the reader's problems.

#include "config/object_reader.h"
#include "server/simulator/generator.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace simulator {

// The bounds of a number in a profile.
struct Bounds {
    double least, most;
};

// Into `value`, which stays as it is where the key is not there, or reported as a mistake.
void read_number(config::ObjectReader& from, std::string_view key, Bounds bounds, double& value);

// What `reader` stands on: {"sine": {…}}. `slots` counts those that remember something.
Generator read_generator(config::ObjectReader& reader, std::size_t& slots);

}  // namespace simulator
