#pragma once
// An HTTP request of a device that was refused, for the journal: the answer's body is all that a device sees of it, and
// few devices show it. [R60, R64, R65] Pure; any thread.

#include "server/murano/finding.h"

#include <string_view>

namespace murano {

struct RefusedRequest {
    std::string_view method, path;  // as they came; empty: the request could not be read
    int status = 400;
    std::string_view cause;  // the end of a sentence, without its stop; nothing that was sent
};

// The rule of its code is that of the path: R64 for an activation, R65 for an upload, else R60.
Finding http_refusal(const RefusedRequest& request);

}  // namespace murano
