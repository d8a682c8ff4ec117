#pragma once
// docs/checks.md, generated from the tables of checks and parameters. Pure; any thread.

#include <string>

namespace verdict {

std::string check_reference();

}  // namespace verdict
