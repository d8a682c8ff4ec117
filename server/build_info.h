#pragma once
// The version of this binary.

#include <string_view>

std::string_view build_version();  // "0.1.0"
std::string_view build_commit();   // short hash, or "unknown" outside a checkout
