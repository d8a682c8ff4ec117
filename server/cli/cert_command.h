#pragma once
// `cert ca`, `cert device --identity ID --out DIR`: certificates from the data folder's authority.

#include "config/read_environment.h"

#include <iosfwd>
#include <span>
#include <string>

namespace cli {

// 0; 1: files cannot be read or written; 2: bad usage.
int cert_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                 std::ostream& err);

}  // namespace cli
