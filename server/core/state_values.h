#pragma once
// The values of a device as the control side reads and writes them.

#include "server/journal/event.h"

#include <cstdint>
#include <optional>
#include <string>

namespace device {

struct StateEntry {
    std::string alias;
    journal::ValueKind kind = journal::ValueKind::string;
    std::optional<std::string> reported;  // exact text
    std::optional<std::string> set;
    std::int64_t timestamp_us = 0;
};

enum class JsonKind : std::uint8_t { string, number, boolean, null, object, array };
struct StateWrite {
    std::string alias;
    JsonKind kind = JsonKind::string;
    std::string text;  // a string's characters, a number's exact text, "true"/"false"
};

}  // namespace device
