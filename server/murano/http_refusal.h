#pragma once
// A finding about a device's refused HTTP request: the device sees only the answer's body, and few devices show it.
// [R60, R64, R65] Pure; any thread.

#include "server/murano/finding.h"

#include <string_view>

namespace murano {

struct RefusedRequest {
    std::string_view method, path;  // as received; empty: the request could not be read
    int status = 400;
    std::string_view cause;  // the end of a sentence, without full stop; never contains what was sent
};

// Its code has the path's rule: R64 for an activation, R65 for an upload, else R60.
Finding http_refusal(const RefusedRequest& request);

}  // namespace murano
