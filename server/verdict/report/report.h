#pragma once
// A run as a report, in formats for people and tools. [verdict.md 1, --output] Pure; any thread.

#include "server/verdict/run.h"

#include <optional>
#include <string>
#include <string_view>

namespace verdict {

// What a report shows of a run beside its checks. Times in µs since 1970, real.
struct ReportHead {
    std::string run;  // its id
    std::string suite;
    std::string server_version;
    std::string server_commit;
    std::int64_t started_us = 0;
    std::optional<std::int64_t> ended_us = std::nullopt;  // nullopt while it runs
};

std::string text_report(const Run& run, const ReportHead& head);
std::string markdown_report(const Run& run, const ReportHead& head);
std::string tap_report(const Run& run, const ReportHead& head);
// JUnit as Jenkins and GitLab read it: a suite per group, a case per check. Warnings are in the case's output.
std::string junit_report(const Run& run, const ReportHead& head);
// One file, no outside references, no script.
std::string html_report(const Run& run, const ReportHead& head);

// "12 passed, 2 failed, 5 not run".
std::string counts_text(const Run& run);
// The run's outcome as one sentence.
std::string headline(const Run& run);

}  // namespace verdict
