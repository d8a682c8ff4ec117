#pragma once
// Reads the steps of a custom check. Mistakes are added to the reader's problems.

#include "config/object_reader.h"
#include "server/verdict/suite/step.h"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace verdict::suite {

inline constexpr std::size_t most_steps = 200;
// The scope of a fault, which the run sets itself.
inline constexpr std::array<std::string_view, 5> whom_keys{"connector", "identity", "client_id", "anonymous", "ip"};

std::vector<Step> read_steps(config::ObjectReader& check);

}  // namespace verdict::suite
