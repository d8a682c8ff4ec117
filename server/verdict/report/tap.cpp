#include "server/verdict/report/escape.h"
#include "server/verdict/report/report.h"

namespace verdict {

namespace {

// TAP's YAML strings, quoted as JSON's are.
std::string yaml(std::string_view text) {
    std::string result = "\"";
    for (const char letter : one_line(text)) {
        if (letter == '"' || letter == '\\') result += '\\';
        result += letter;
    }
    return result + "\"";
}

// `#` begins a directive.
std::string description(std::string_view text) {
    std::string result;
    for (const char letter : one_line(text)) {
        if (letter == '#' || letter == '\\') result += '\\';
        result += letter;
    }
    return result;
}

}  // namespace

std::string tap_report(const Run& run, const ReportHead& /*head*/) {
    const auto checks = run.checks();
    std::string text = "TAP version 13\n1.." + std::to_string(checks.size()) + "\n";
    std::size_t number = 0;
    for (const CheckView& check : checks) {
        const Result& result = check.result;
        text += std::string(result.outcome == Outcome::failed ? "not ok " : "ok ") + std::to_string(++number) + " - " +
                std::string(check.row->id) + " " + description(check.row->title);
        if (result.outcome == Outcome::not_run) text += " # SKIP " + description(result.message);
        text += "\n";
        if (result.outcome == Outcome::failed || result.outcome == Outcome::warned)
            text += "  ---\n  outcome: " + std::string(outcome_name(result.outcome)) +
                    "\n  message: " + yaml(result.message) + "\n  hint: " + yaml(result.hint) + "\n  ...\n";
    }
    if (!run.over()) text += "# the run goes on\n";
    if (run.state() == RunState::aborted) text += "Bail out! " + one_line(run.abort_reason()) + "\n";
    return text;
}

}  // namespace verdict
