#pragma once
// The parts of an entry in words, used by every format of the report. Pure; an entry is JSON, see report_writer.h.

#include "config/json_tree.h"

#include <string>
#include <string_view>

namespace report {

// A string's value or a number's text; empty: absent.
std::string text_of(const config::JsonNode& node, std::string_view key);

// "R40.comma_for_point"; in an older journal only the rule.
std::string code_of(const config::JsonNode& finding);
// "12345"; "(anonymous, 192.0.2.7)" if the device was not known yet.
std::string who(const config::JsonNode& finding);
// The connector; "-": the connection named none.
std::string where(const config::JsonNode& finding);
// "2026-11-23 06:36:33.012 UTC", or "7 times, first …, last …"
std::string when(const config::JsonNode& finding);
// What happened, and what to do.
std::string sentence(const config::JsonNode& finding);

}  // namespace report
