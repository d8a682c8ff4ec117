#pragma once
// Findings as a report for people or machines. Pure: JSON events in, text out.

#include "config/json_tree.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

enum class ReportFormat : unsigned char { text, json, junit, markdown };
std::optional<ReportFormat> parse_report_format(std::string_view name);

struct FindingCounts {
    std::size_t violations = 0;
    std::size_t warnings = 0;
    std::size_t infos = 0;
};
FindingCounts count_findings(const std::vector<config::JsonNode>& findings);

// "2 violations, 1 warning"; "no findings"
std::string counts_text(const FindingCounts& counts);

struct ReportSource {
    std::string connector;
    bool warnings_fail = false;  // JUnit: whether a warning is a failure, as a violation always is
};

// `findings`: events of that type as the API gives them, oldest first. Ends with a line feed.
std::string format_report(ReportFormat format, const std::vector<config::JsonNode>& findings,
                          const ReportSource& source);

}  // namespace cli
