#pragma once
// The nearest name that was probably meant. Bounded work: long names are not compared. Pure; any thread.

#include "server/murano/finding.h"
#include "server/murano/resource_table.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace murano {

// Edits (insert, delete, replace) between two names; ASCII letters compare without case.
// Gives up above `most`, returning most + 1.
std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t most);

// A defined alias within two edits of `alias` (white space at its ends and case not counted), or nothing.
std::optional<std::string_view> nearest_alias(std::string_view alias, const ResourceTable& resources);

// An alias that no resource defines: event, no state. [R37]
Finding undefined_alias(std::string_view alias, const ResourceTable& resources);

}  // namespace murano
