#pragma once
// Reads the steps of a custom check. Mistakes go to the reader's problems.

#include "config/object_reader.h"
#include "server/verdict/suite/step.h"

#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace verdict::suite {

inline constexpr std::size_t most_steps = 200;
// Of a fault: whom it strikes is the run's to say.
inline constexpr std::array<std::string_view, 5> whom_keys{"connector", "identity", "client_id", "anonymous", "ip"};

std::vector<Step> read_steps(config::ObjectReader& check);

}  // namespace verdict::suite
