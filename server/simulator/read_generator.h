#pragma once
// Reads the generators of a profile. Mistakes are added to the reader's problems.

#include "config/object_reader.h"
#include "server/simulator/generator.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace simulator {

// The range of a number in a profile.
struct Bounds {
    double least, most;
};

// Reads into `value`, which is unchanged if the key is absent or wrong.
void read_number(config::ObjectReader& from, std::string_view key, Bounds bounds, double& value);

// Reads the current object: {"sine": {…}}. `slots` counts the generators with a state.
Generator read_generator(config::ObjectReader& reader, std::size_t& slots);

}  // namespace simulator
