#pragma once
// Makes text from devices safe in log lines: it cannot end the line, forge a field, or move a terminal's cursor.
// Control characters (C0, DEL, C1), line separators and characters that reorder text are written as \n, \t, \u{202e};
// bytes that are not UTF-8 as \xNN.

#include <cstddef>
#include <string>
#include <string_view>

namespace runtime {

inline constexpr std::size_t max_logged_bytes = 1024;  // of one value; the length of the rest is shown instead

// For a terminal: unquoted if unambiguous, else in double quotes.
void append_text_value(std::string& out, std::string_view value);

// The same without quotes, for the message of a line.
void append_text_message(std::string& out, std::string_view message);

// A JSON string, quotes included. Bytes that are not UTF-8 become the four characters \xNN.
void append_json_string(std::string& out, std::string_view value);

}  // namespace runtime
