#include "server/verdict/report/drawing.h"
#include "server/verdict/report/escape.h"
#include "server/verdict/report/report.h"

namespace verdict {

namespace {

constexpr std::string_view style = R"(
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.6rem;margin:0 0 .2rem}p.sum{margin:0 0 1.5rem;color:#57606a}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .6rem;border-top:1px solid #d0d7de}
th{font-weight:600}td.id{white-space:nowrap;font-family:ui-monospace,monospace}
.o{display:inline-block;min-width:4.5rem;padding:0 .5rem;border-radius:.3rem;text-align:center;font-size:.85rem;font-weight:600}
.passed{background:#dafbe1;color:#116329}.failed{background:#ffebe9;color:#a40e26}
.warned{background:#fff8c5;color:#7d4e00}.not_run{background:#eaeef2;color:#57606a}
.hint{color:#57606a;margin:.2rem 0 0}.num{color:#57606a;font-size:.85rem}p,td{overflow-wrap:anywhere}
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}tr{border-top:1px solid #d0d7de;padding:.6rem 0}
td{border:0;padding:.1rem 0}}
@media(prefers-color-scheme:dark){tr{border-color:#30363d}body{background:#0d1117;color:#e6edf3}th,td{border-color:#30363d}
.passed{background:#12361f;color:#7ee2a0}.failed{background:#4b1113;color:#ffb3ad}.warned{background:#3d2e00;color:#f2cc60}
.not_run{background:#21262d;color:#9da7b3}p.sum,.hint,.num{color:#9da7b3}svg text{fill:#9da7b3}}
)";

constexpr const char* legend =
    "<p class=\"num\">In a drawing: grey, a connection; green, let in; red, refused; blue, a packet of the device; "
    "violet, one of the server; ochre, a fault.</p>\n";

std::string number_text(double number) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.6g", number);
    return text;
}

std::string measured_text(const Result& result) {
    std::string text;
    for (const Measured& each : result.measured)
        text += (text.empty() ? "" : ", ") + markup(each.name) + " " + number_text(each.number);
    return text.empty() ? "" : "<div class=\"num\">" + text + "</div>";
}

std::string row_of(const CheckView& check, Moment max_backoff) {
    const Result& result = check.result;
    const std::string outcome(outcome_name(result.outcome));
    std::string text = "<tr><td class=\"id\">" + std::string(check.row->id) + "</td><td><span class=\"o " + outcome +
                       "\">" + (outcome == "not_run" ? "not run" : outcome) + "</span></td><td><b>" +
                       markup(check.row->title) + "</b><div>" + markup(result.message) + "</div>";
    if (!result.hint.empty()) text += "<p class=\"hint\">What to do: " + markup(result.hint) + "</p>";
    return text + measured_text(result) + timeline_svg(check) + pauses_svg(check, max_backoff) + "</td><td>" +
           markup(check.row->source) + "</td></tr>\n";
}

}  // namespace

std::string html_report(const Run& run, const ReportHead& head) {
    std::string text =
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<title>Verdict: " +
        markup(run.plan().subject.identity) + "</title>\n<style>" + std::string(drawing_style) + std::string(style) +
        "</style></head>\n<body>\n<h1>" + markup(headline(run)) + "</h1>\n<p class=\"sum\">" + counts_text(run) +
        ". Suite " + markup(head.suite) + ", run " + markup(head.run) + ", murano-emulator " +
        markup(head.server_version) + " (" + markup(head.server_commit) +
        ").</p>\n<table>\n<thead><tr><th>Check</th><th>Outcome</th><th>What the device did</th>"
        "<th>Source</th></tr></thead>\n<tbody>\n";
    for (const CheckView& check : run.checks()) text += row_of(check, run.plan().parameters.max_backoff);
    text += "</tbody></table>\n";
    return text + legend + "</body></html>\n";
}

}  // namespace verdict
