#pragma once
// The nearest name that was probably meant. Bounded work: long names are not compared. Pure; any thread.

#include "server/murano/finding.h"
#include "server/murano/resource_table.h"

#include <optional>
#include <string_view>

namespace murano {

// A defined alias that is near enough to `alias` to have been meant (white space at its ends and case not counted).
std::optional<std::string_view> nearest_alias(std::string_view alias, const ResourceTable& resources);

// An alias that no resource defines: event, no state. [R37]
Finding undefined_alias(std::string_view alias, const ResourceTable& resources);

}  // namespace murano
