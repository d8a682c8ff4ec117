#pragma once
// Reads the steps of a custom check. Mistakes go to the reader's problems.

#include "config/object_reader.h"
#include "server/verdict/suite/step.h"

#include <optional>
#include <vector>

namespace verdict::suite {

inline constexpr std::size_t most_steps = 200;

std::vector<Step> read_steps(config::ObjectReader& check);

}  // namespace verdict::suite
