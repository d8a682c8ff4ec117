#pragma once
// A finding about a device's refused HTTP request: the device sees only the answer's body, and few devices show it.
// [R60, R64, R65] Pure; any thread.

#include "server/murano/finding.h"

#include <string_view>

namespace murano {

struct RefusedRequest {
    std::string_view method, path;  // as they came; empty: the request could not be read
    int status = 0;                 // of the answer
    std::string_view cause;         // the end of a sentence, without its stop; nothing that was sent
};

// Its code has the path's rule: R64 for an activation, R65 for an upload, else R60.
Finding http_refusal(const RefusedRequest& request);

}  // namespace murano
