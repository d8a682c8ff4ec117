#pragma once
// Findings about aliases that are probably misspelt. Bounded work. Pure; any thread.

#include "server/murano/finding.h"
#include "server/murano/resource_table.h"

#include <cstddef>
#include <string_view>

namespace murano {

// An alias without a resource: an event, no state. [R37]
Finding undefined_alias(std::string_view alias, const ResourceTable& resources);

// Findings per message; one more counts the rest. [R40]
inline constexpr std::size_t most_findings = 20;
Finding more_findings(std::size_t count);

}  // namespace murano
