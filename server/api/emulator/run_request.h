#pragma once
// Reads and checks the body of POST /_emulator/v1/runs. [verdict.md 1, 2]

#include "server/api/base/error.h"
#include "server/api/base/services.h"
#include "server/control/verdict_calls.h"

#include <string>
#include <variant>

namespace api {

std::variant<device::RunRequest, Error> read_run_request(Services& services, const std::string& body);

// JSON Schema of that body, as JSON text.
std::string run_request_schema();

}  // namespace api
