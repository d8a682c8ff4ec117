#include "server/cli/report_command.h"

#include <array>
#include <ostream>

namespace cli {

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--identity", "ID", "of this device"},
    OptionSpec{"--rule", "RULE", "of this rule or code, R28 or R40.comma_for_point"},
    OptionSpec{"--since", "CURSOR", "only newer than that event (default 0: everything kept)"},
    OptionSpec{"--all", "", "each finding instead of one entry per kind"},
    OptionSpec{"--format", "FORMAT", "text (the default), json, junit, markdown"},
    fail_on_option,
};

report::Format format_of(const Run& run) {
    if (!run.options.has("--format")) return run.options.json ? report::Format::json : report::Format::text;
    const auto name = run.options.value("--format");
    const auto format = report::parse_format(name);
    if (!format) throw UsageError("--format " + name + ": it is " + std::string(report::format_names));
    return *format;
}

std::string query_of(const Run& run) {
    std::string query = "/_emulator/v1/report?format=json";
    for (const std::string_view option : {"--connector", "--identity", "--rule", "--since"}) {
        if (!run.options.has(option)) continue;
        query.append("&").append(option.substr(2)).append("=").append(percent_encode(run.options.value(option)));
    }
    return run.options.has("--all") ? query + "&all=true" : query;
}

void report_findings(const Run& run, Arguments) {
    const auto format = format_of(run);
    const auto fail_on = read_fail_on(run.options.value("--fail-on"));
    const auto found = run.api.get_json(query_of(run));
    print_report(run.out, {format, run.api.connector(), fail_on == FailOn::warning}, found);
    const auto counts = report::read_counts(found);
    if (is_failure(counts, fail_on)) throw CommandFailed(report::counts_text(counts));
}

constexpr std::array forms{Form{"", "", 0, 0,
                                "The findings: which rules devices broke, and what to do. One entry for each "
                                "mistake of a device.",
                                report_findings}};

constexpr ClientCommand command{
    "report", forms, options,
    "All connectors, and connections that named none, unless --connector names one. An entry has its count, the first\n"
    "and the last time, and the first finding as its example. In JUnit's form an entry is a test case: violations are\n"
    "failures, with --fail-on warning warnings too.\n"};

}  // namespace

void print_report(std::ostream& out, const report::Options& wanted, const config::JsonNode& found) {
    report::Writer writer(wanted, report::read_counts(found));
    out << writer.head();
    if (const auto* findings = found.find("findings")) {
        for (const auto& finding : findings->items) out << writer.entry(finding);
    }
    out << writer.foot();
    out.flush();
}

FailOn read_fail_on(std::string_view word) {
    if (word.empty()) return FailOn::nothing;
    if (word == "violation") return FailOn::violation;
    if (word == "warning") return FailOn::warning;
    throw UsageError("--fail-on " + std::string(word) + ": it is violation or warning");
}

bool is_failure(const report::Counts& counts, FailOn fail_on) {
    if (fail_on == FailOn::nothing) return false;
    return counts.violations.entries > 0 || (fail_on == FailOn::warning && counts.warnings.entries > 0);
}

const ClientCommand& report_command() {
    return command;
}

}  // namespace cli
