#pragma once
// One request to a running server's control API, and its answer. Blocks; for the commands.

#include <chrono>
#include <string>

namespace cli {

struct HttpAnswer {
    unsigned status = 0;
    std::string body;
};

// `base` as "http://127.0.0.1:8080". Throws std::runtime_error with a sentence when the server cannot be reached or
// does not answer in time.
HttpAnswer http_get(const std::string& base, const std::string& target, const std::string& api_token,
                    std::chrono::milliseconds within);

}  // namespace cli
