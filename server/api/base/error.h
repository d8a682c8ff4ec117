#pragma once
// What a call is refused with, as HTTP has it. A plain value; any thread.

#include "server/core/control_error.h"

#include <string>
#include <utility>

namespace api {

struct Error {
    // What the ports below were told, with its code and its status: handlers hand it on as it is.
    Error(device::ControlError error);
    Error(int status_given, std::string code_given, std::string message_given, std::string path_given)
        : status(status_given),
          code(std::move(code_given)),
          message(std::move(message_given)),
          path(std::move(path_given)) {}

    int status;           // HTTP
    std::string code;     // "not_found", "bad_request"
    std::string message;  // what was wrong and what may stand there
    std::string path;     // of the culprit, e.g. "$.resources.data_in.format", "?limit"; may be empty
};

}  // namespace api
