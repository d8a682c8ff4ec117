#include "server/cli/report_format.h"

#include "server/cli/api_client.h"
#include "server/cli/text_table.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cli {

using config::JsonNode;

namespace {

using Findings = std::vector<JsonNode>;

constexpr std::array<std::pair<std::string_view, ReportFormat>, 4> formats{{{"text", ReportFormat::text},
                                                                            {"json", ReportFormat::json},
                                                                            {"junit", ReportFormat::junit},
                                                                            {"markdown", ReportFormat::markdown}}};

std::string counted(std::size_t number, std::string_view what) {
    return std::to_string(number) + " " + std::string(what) + (number == 1 ? "" : "s");
}

// "12345", or that nobody was known yet.
std::string who(const JsonNode& finding) {
    const auto identity = text_of(finding, "identity");
    return identity.empty() ? "(anonymous)" : printable(identity);
}

std::string sentence(const JsonNode& finding) {
    const auto hint = text_of(finding, "hint");
    return printable(text_of(finding, "message") + (hint.empty() ? "" : " " + hint));
}

std::string text_report(const Findings& findings, const FindingCounts& counts) {
    std::string text;
    for (const JsonNode& finding : findings) {
        text += text_of(finding, "severity") + " " + text_of(finding, "rule") + "  " + who(finding) + "  " +
                time_text(text_of(finding, "timestamp")) + "\n    " + sentence(finding) + "\n";
    }
    return text + counts_text(counts) + "\n";
}

std::string json_report(const Findings& findings, const FindingCounts& counts) {
    const auto number = [](std::size_t value) { return JsonNode::number(std::to_string(value)); };
    const JsonNode report = JsonNode::object({{"findings", JsonNode::array(findings)},
                                              {"violations", number(counts.violations)},
                                              {"warnings", number(counts.warnings)},
                                              {"infos", number(counts.infos)}});
    return config::to_json_text(report) + "\n";
}

std::string xml(std::string_view text) {
    std::string escaped;
    for (const char c : printable(text)) {  // XML has no control characters
        switch (c) {
            case '&':
                escaped += "&amp;";
                break;
            case '<':
                escaped += "&lt;";
                break;
            case '>':
                escaped += "&gt;";
                break;
            case '"':
                escaped += "&quot;";
                break;
            default:
                escaped += c;
        }
    }
    return escaped;
}

bool fails(const JsonNode& finding, const ReportSource& source) {
    const auto severity = text_of(finding, "severity");
    return severity == "violation" || (source.warnings_fail && severity == "warning");
}

std::string junit_case(const JsonNode& finding, bool failed) {
    const auto rule = xml(text_of(finding, "rule"));
    std::string text = "    <testcase classname=\"murano-emulator." + rule + "\" name=\"" + xml(who(finding)) +
                       " cursor " + xml(text_of(finding, "cursor")) + "\">\n";
    if (failed) {
        text += "      <failure type=\"" + xml(text_of(finding, "severity")) + "\" message=\"" +
                xml(text_of(finding, "message")) + "\">" + xml(sentence(finding)) + "</failure>\n";
    } else {
        text += "      <system-out>" + xml(text_of(finding, "severity") + ": " + sentence(finding)) + "</system-out>\n";
    }
    return text + "    </testcase>\n";
}

std::string junit_report(const Findings& findings, const ReportSource& source) {
    std::string cases;
    std::size_t failures = 0;
    for (const JsonNode& finding : findings) {
        const bool failed = fails(finding, source);
        if (failed) ++failures;
        cases += junit_case(finding, failed);
    }
    // A suite without cases reads as "nothing ran".
    if (findings.empty()) cases = "    <testcase classname=\"murano-emulator\" name=\"no findings\"/>\n";
    const auto totals = "tests=\"" + std::to_string(std::max<std::size_t>(findings.size(), 1)) + "\" failures=\"" +
                        std::to_string(failures) + "\"";
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + totals +
           ">\n  <testsuite name=\"murano-emulator " + xml(source.connector) + "\" " + totals + ">\n" + cases +
           "  </testsuite>\n</testsuites>\n";
}

// One cell of a table: a bar would end it, and angle brackets would be HTML.
std::string markdown(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    return escaped;
}

std::string markdown_report(const Findings& findings, const FindingCounts& counts) {
    std::string text = "**" + counts_text(counts) + "**\n";
    if (findings.empty()) return text;
    text += "\n| severity | rule | identity | finding |\n| --- | --- | --- | --- |\n";
    for (const JsonNode& finding : findings) {
        text += "| " + text_of(finding, "severity") + " | " + markdown(text_of(finding, "rule")) + " | " +
                markdown(who(finding)) + " | " + markdown(sentence(finding)) + " |\n";
    }
    return text;
}

}  // namespace

std::optional<ReportFormat> parse_report_format(std::string_view name) {
    const auto found =
        std::find_if(formats.begin(), formats.end(), [name](const auto& format) { return format.first == name; });
    if (found == formats.end()) return std::nullopt;
    return found->second;
}

FindingCounts count_findings(const Findings& findings) {
    FindingCounts counts;
    for (const JsonNode& finding : findings) {
        const auto severity = text_of(finding, "severity");
        if (severity == "violation")
            ++counts.violations;
        else if (severity == "warning")
            ++counts.warnings;
        else
            ++counts.infos;
    }
    return counts;
}

std::string counts_text(const FindingCounts& counts) {
    std::string text;
    const auto add = [&text](std::size_t number, std::string_view what) {
        if (number > 0) text.append(text.empty() ? "" : ", ").append(counted(number, what));
    };
    add(counts.violations, "violation");
    add(counts.warnings, "warning");
    add(counts.infos, "info");
    return text.empty() ? "no findings" : text;
}

std::string format_report(ReportFormat format, const Findings& findings, const ReportSource& source) {
    const auto counts = count_findings(findings);
    switch (format) {
        case ReportFormat::json:
            return json_report(findings, counts);
        case ReportFormat::junit:
            return junit_report(findings, source);
        case ReportFormat::markdown:
            return markdown_report(findings, counts);
        case ReportFormat::text:
            break;
    }
    return text_report(findings, counts);
}

}  // namespace cli
