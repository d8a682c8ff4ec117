#pragma once
// What this binary is.

#include <string_view>

std::string_view build_version();  // "0.1.0"
std::string_view build_commit();   // short hash, or "unknown" outside a checkout
