#include "server/cli/report_format.h"

#include <doctest/doctest.h>

using cli::ReportFormat;
using config::JsonNode;

namespace {

JsonNode finding(const char* severity, const char* message, const char* hint = "") {
    return JsonNode::object({{"cursor", JsonNode::number("7")},
                             {"type", JsonNode::of("finding")},
                             {"identity", JsonNode::of("d|1")},
                             {"timestamp", JsonNode::number("1700000000000000")},
                             {"rule", JsonNode::of("R28")},
                             {"severity", JsonNode::of(severity)},
                             {"message", JsonNode::of(message)},
                             {"hint", JsonNode::of(hint)}});
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a report without findings says so in every format") {
    CHECK(format_report(ReportFormat::text, {}, {"c"}) == "no findings\n");
    CHECK(format_report(ReportFormat::markdown, {}, {"c"}) == "**no findings**\n");
    CHECK(format_report(ReportFormat::json, {}, {"c"}) ==
          "{\"findings\":[],\"violations\":0,\"warnings\":0,\"infos\":0}\n");
    CHECK(has(format_report(ReportFormat::junit, {}, {"c"}), R"(tests="1" failures="0")"));
}

TEST_CASE("text names severity, rule, device and what to do") {
    const auto text = format_report(ReportFormat::text, {finding("violation", "DUP\x1b", "Do not.")}, {"c"});
    CHECK(text == "violation R28  d|1  2023-11-14 22:13:20.000 UTC\n    DUP\\x1b Do not.\n1 violation\n");
}

TEST_CASE("JUnit: violations fail, warnings when asked, and nothing breaks the XML") {
    const std::vector<JsonNode> findings{finding("violation", "<a & \"b\">"), finding("warning", "w"),
                                         finding("info", "i")};
    const auto text = format_report(ReportFormat::junit, findings, {"c", false});
    CHECK(has(text, R"(tests="3" failures="1")"));
    CHECK(has(text, R"(message="&lt;a &amp; &quot;b&quot;&gt;")"));
    CHECK(has(text, "<system-out>warning: w</system-out>"));
    CHECK(has(format_report(ReportFormat::junit, findings, {"c", true}), R"(failures="2")"));
}

TEST_CASE("Markdown: a table whose cells hold what they hold") {
    const auto text = format_report(ReportFormat::markdown, {finding("warning", "a|b <c>")}, {"c"});
    CHECK(has(text, R"(| warning | R28 | d\|1 | a\|b \<c\> |)"));
    CHECK(has(text, "**1 warning**"));
}
