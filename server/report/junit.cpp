#include "server/report/junit.h"

#include "server/report/words.h"
#include "server/text/printable.h"

#include <algorithm>

namespace report {

using config::JsonNode;

namespace {

constexpr std::size_t longest_name = 160;

std::string xml(std::string_view text) {
    std::string escaped;
    for (const char c : text::printable(text)) {  // XML has no control characters
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

bool fails(const JsonNode& finding, const Options& options) {
    const auto severity = text_of(finding, "severity");
    return severity == "violation" || (options.warnings_fail && severity == "warning");
}

}  // namespace

std::string junit_head(const Options& options, const Counts& counts) {
    const auto entries = counts.violations.entries + counts.warnings.entries + counts.infos.entries;
    const auto failures = counts.violations.entries + (options.warnings_fail ? counts.warnings.entries : 0);
    const auto totals = "tests=\"" + std::to_string(std::max<std::uint64_t>(entries, 1)) + "\" failures=\"" +
                        std::to_string(failures) + "\"";
    std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites " + totals +
                       ">\n  <testsuite name=\"murano-emulator" + (options.connector.empty() ? "" : " ") +
                       xml(options.connector) + "\" " + totals + ">\n";
    // A suite without cases reads as "nothing ran".
    if (entries == 0) head += "    <testcase classname=\"murano-emulator\" name=\"no findings\"/>\n";
    return head;
}

std::string junit_case(const JsonNode& finding, const Options& options) {
    const auto name = where(finding) + " " + who(finding) + ": " + without_numbers(text_of(finding, "message"));
    std::string text = "    <testcase classname=\"murano-emulator." + xml(code_of(finding)) + "\" name=\"" +
                       xml(text::shortened(name, longest_name)) + "\">\n";
    const auto severity = xml(text_of(finding, "severity"));
    const auto told = xml(sentence(finding)) + " (" + xml(when(finding)) + ")";
    if (fails(finding, options)) {
        // The rule stands in the message too: many build servers show nothing else.
        const auto message = code_of(finding) + ": " + text_of(finding, "message");
        text += "      <failure type=\"" + severity + "\" message=\"" + xml(message) + "\">" + told + "</failure>\n";
    } else {
        text += "      <system-out>" + severity + ": " + told + "</system-out>\n";
    }
    return text + "    </testcase>\n";
}

std::string junit_foot(std::string_view more) {
    const auto told = more.empty() ? std::string() : "    <system-out>" + xml(more) + "</system-out>\n";
    return told + "  </testsuite>\n</testsuites>\n";
}

}  // namespace report
