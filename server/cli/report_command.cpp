#include "server/cli/report_command.h"

#include "server/cli/report_format.h"

#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--identity", "ID", "of this device"},
    OptionSpec{"--rule", "RULE", "of this rule, R28 for one"},
    OptionSpec{"--since", "CURSOR", "only what came after that event (default 0: all that is kept)"},
    OptionSpec{"--format", "FORMAT", "text (the default), json, junit, markdown"},
    OptionSpec{"--fail-on", "SEVERITY", "violation or warning: exit code 1 when there is one, or a worse one"},
};

ReportFormat format_of(const Run& run) {
    if (!run.options.has("--format")) return run.options.json ? ReportFormat::json : ReportFormat::text;
    const auto name = run.options.value("--format");
    const auto format = parse_report_format(name);
    if (!format) throw UsageError("--format " + name + ": it is text, json, junit or markdown");
    return *format;
}

std::vector<JsonNode> findings_of(const Run& run) {
    std::string query = "/_emulator/v1/events?type=finding&connector=" + percent_encode(run.api.connector());
    for (const std::string_view option : {"--identity", "--rule"}) {
        if (!run.options.has(option)) continue;
        query.append("&").append(option.substr(2)).append("=").append(percent_encode(run.options.value(option)));
    }
    std::vector<JsonNode> findings;
    auto cursor = run.options.has("--since") ? run.options.value("--since") : "0";
    while (true) {
        const auto page = run.api.get_json(query + "&after=" + percent_encode(cursor));
        const auto* events = page.find("events");
        if (events == nullptr || events->items.empty()) return findings;
        findings.insert(findings.end(), events->items.begin(), events->items.end());
        cursor = text_of(page, "next");
    }
}

void report(const Run& run, Arguments) {
    const auto format = format_of(run);
    const auto fail_on = run.options.value("--fail-on");
    if (run.options.has("--fail-on") && fail_on != "violation" && fail_on != "warning") {
        throw UsageError("--fail-on " + fail_on + ": it is violation or warning");
    }
    const auto findings = findings_of(run);
    const bool warnings_fail = fail_on == "warning";
    run.out << format_report(format, findings, {run.api.connector(), warnings_fail});
    run.out.flush();
    const auto counts = count_findings(findings);
    if (!fail_on.empty() && (counts.violations > 0 || (warnings_fail && counts.warnings > 0))) {
        throw CommandFailed(counts_text(counts));
    }
}

constexpr std::array forms{
    Form{"", "", 0, 0, "The findings: what devices did against the rules, and what to do.", report}};

constexpr ClientCommand command{"report", forms, options,
                                "In JUnit's form violations are failures, with --fail-on warning warnings too.\n"};

}  // namespace

const ClientCommand& report_command() {
    return command;
}

}  // namespace cli
