#pragma once
// What the control side is told when a call cannot be done.

#include <optional>
#include <string>

namespace device {

struct ControlError {
    int status = 400;     // HTTP
    std::string code;     // "not_found", "not_settable", "bad_value", "bad_settings", "conflict", "bad_request"
    std::string message;  // what was wrong and what may stand there
    std::string path;     // JSON path of the culprit, e.g. "$.resources.data_in.format"; may be empty
};
using Failure = std::optional<ControlError>;  // nullopt: done

}  // namespace device
