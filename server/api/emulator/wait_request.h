#pragma once
// The body of POST /_emulator/v1/wait.

#include "server/api/base/error.h"
#include "server/journal/waiter.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace api {

struct WaitRequest {
    journal::Goal goal;
    std::int64_t within_ms = 10'000;
    std::optional<std::int64_t> since;  // cursor; absent: from now on
};

// The bounds of one wait.
inline constexpr std::int64_t longest_wait_ms = 600'000;
inline constexpr std::size_t most_wait_steps = 100;
inline constexpr std::int64_t most_wait_count = 1000;

std::variant<WaitRequest, Error> read_wait_request(std::string_view body);

// JSON Schema of the body.
std::string wait_request_schema();

}  // namespace api
