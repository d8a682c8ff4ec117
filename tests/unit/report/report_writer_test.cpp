#include "server/report/report_writer.h"

#include <doctest/doctest.h>

using config::JsonNode;
using namespace report;

namespace {

JsonNode finding(const char* severity, const char* message, const char* count = "1") {
    return JsonNode::object({{"cursor", JsonNode::number("7")},
                             {"type", JsonNode::of("finding")},
                             {"connector", JsonNode::of("c|1")},
                             {"identity", JsonNode::of("d|1")},
                             {"timestamp", JsonNode::number("1700000000000000")},
                             {"rule", JsonNode::of("R28")},
                             {"code", JsonNode::of("R28.dup_with_qos_0")},
                             {"severity", JsonNode::of(severity)},
                             {"message", JsonNode::of(message)},
                             {"hint", JsonNode::of("Do not.")},
                             {"count", JsonNode::number(count)},
                             {"first_timestamp", JsonNode::number("1700000000000000")},
                             {"last_timestamp", JsonNode::number("1700000006000000")}});
}

std::string written(const Options& options, const Counts& counts, const std::vector<JsonNode>& findings) {
    Writer writer(options, counts);
    auto text = writer.head();
    for (const auto& one : findings) text += writer.entry(one);
    return text + writer.foot();
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const Counts three{{1, 1}, {1, 1}, {1, 1}, 0};

}  // namespace

TEST_CASE("a report without findings says so in every format") {
    CHECK(written({Format::text, "c"}, {}, {}) == "no findings\n");
    CHECK(written({Format::markdown, "c"}, {}, {}) == "**no findings**\n");
    CHECK(written({Format::json, "c"}, {}, {}) == R"({"findings":[],"violations":0,"warnings":0,"infos":0,)"
                                                  R"("counts":{"violations":0,"warnings":0,"infos":0},"left_out":0})"
                                                  "\n");
    CHECK(has(written({Format::junit, "c"}, {}, {}), R"(tests="1" failures="0")"));
}

TEST_CASE("text names severity, code, connector, device and what to do") {
    CHECK(written({Format::text, "c"}, {{1, 1}, {}, {}, 0}, {finding("violation", "DUP\x1b")}) ==
          "violation R28.dup_with_qos_0  c|1  d|1  2023-11-14 22:13:20.000 UTC\n    DUP\\x1b Do not.\n1 violation\n");
    const auto repeated = written({Format::text, "c"}, {{}, {1, 7}, {}, 0}, {finding("warning", "DUP.", "7")});
    CHECK(has(repeated,
              "7 times, first 2023-11-14 22:13:20.000 UTC, last 2023-11-14 22:13:26.000 UTC\n    DUP. Do not.\n"));
    CHECK(repeated.ends_with("\n1 warning (7 times)\n"));
}

TEST_CASE("a finding without a device names its address, one without a connector shows that it has none") {
    auto nobody = finding("violation", "No SNI.");
    nobody.erase("identity");
    nobody.erase("connector");
    nobody.put("ip", JsonNode::of("192.0.2.7"));
    CHECK(written({Format::text, ""}, {}, {nobody})
              .starts_with("violation R28.dup_with_qos_0  -  (anonymous, 192.0.2.7)  2023"));
    nobody.put("claimed_identity", JsonNode::of("e"));
    CHECK(written({Format::text, ""}, {}, {nobody}).starts_with("violation R28.dup_with_qos_0  -  e  2023"));
}

TEST_CASE("JUnit: a case for each entry, violations fail, warnings when asked, and nothing breaks the XML") {
    const std::vector<JsonNode> findings{finding("violation", "<a & \"b\"> 21", "7"), finding("warning", "w"),
                                         finding("info", "i")};
    const auto text = written({Format::junit, "c", false}, three, findings);
    CHECK(has(text, R"(<testsuite name="murano-emulator c" tests="3" failures="1">)"));
    CHECK(has(text, R"(name="c|1 d|1: &lt;a &amp; &quot;b&quot;&gt; #")"));
    CHECK(has(text, R"(message="R28.dup_with_qos_0: &lt;a &amp; &quot;b&quot;&gt; 21")"));
    CHECK(has(text, "Do not. (7 times, first "));
    CHECK(has(text, "<system-out>warning: w Do not."));
    CHECK(has(written({Format::junit, "c", true}, three, findings), R"(failures="2")"));
}

TEST_CASE("Markdown: a table whose cells hold what they hold") {
    const auto text = written({Format::markdown, "c"}, {{}, {1, 2}, {}, 0}, {finding("warning", "a|b <c>", "2")});
    CHECK(has(text, R"(| warning | R28.dup\_with\_qos\_0 | c\|1 | d\|1 | 2 | a\|b \<c\> Do not. |)"));
    CHECK(has(text, "**1 warning (2 times)**"));
}

TEST_CASE("what is left out is told in every format, and the counts can be read back") {
    const Counts counts{{3, 9}, {1, 1}, {}, 2};
    for (const auto format : {Format::text, Format::markdown, Format::junit}) {
        CHECK(has(written({format, ""}, counts, {}), "2 findings more have no entry here"));
    }
    const auto parsed = config::parse_json(written({Format::json, ""}, counts, {}), config::JsonDialect::strict);
    REQUIRE(parsed.root);
    const auto read = read_counts(*parsed.root);
    CHECK(read.violations.entries == 3);
    CHECK(read.violations.findings == 9);
    CHECK(read.warnings.entries == 1);
    CHECK(read.left_out == 2);
}

TEST_CASE("each format has its name and its media type") {
    for (const auto* name : {"text", "json", "junit", "markdown"}) {
        REQUIRE(parse_format(name));
        CHECK_FALSE(media_type(*parse_format(name)).empty());
    }
    CHECK_FALSE(parse_format("html"));
}
