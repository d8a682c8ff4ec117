#pragma once
// One line of the log, newline included.

#include "server/runtime/log.h"

#include <cstdint>
#include <string>

namespace runtime {

void append_text_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                      Log::Fields fields);
// For people at level info: the time of day in UTC, the level only of warnings and errors, the device before the
// message, and no ids that only distinguish lines of one device.
//
//     13:25:57 warn  dev1 The PUBLISH to '$resources/x' was dropped: … rule=R46 hint="…"
void append_brief_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                       Log::Fields fields);
void append_json_line(std::string& out, std::int64_t wall_us, LogLevel level, std::string_view message,
                      Log::Fields fields);

// 2026-07-14T09:26:53.589Z. Years 0 to 9999, others are clamped.
void append_utc(std::string& out, std::int64_t wall_us);

}  // namespace runtime
