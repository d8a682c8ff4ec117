#pragma once
// Findings about aliases that were probably meant otherwise. Bounded work. Pure; any thread.

#include "server/murano/finding.h"
#include "server/murano/resource_table.h"

#include <cstddef>
#include <string_view>

namespace murano {

// An alias that no resource defines: event, no state. [R37]
Finding undefined_alias(std::string_view alias, const ResourceTable& resources);

// One message leaves at most so many findings, then one that counts the rest. [R40]
inline constexpr std::size_t most_findings = 20;
Finding more_findings(std::size_t count);

}  // namespace murano
