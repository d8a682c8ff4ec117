#pragma once
// Why a file cannot be read, for the user who named it.

#include <string>

namespace config {

// "does not exist", "is a folder", "cannot be read: Permission denied (this process runs as uid 1000)"; empty: it can
// be read.
std::string why_not_readable(const std::string& file);

// The system's words for `error` (an errno); for missing permission also the user id.
std::string system_reason(int error);

}  // namespace config
