#include "server/verdict/report/escape.h"
#include "server/verdict/report/report.h"

#include <algorithm>
#include <cstdio>
#include <span>

namespace verdict {

namespace {

std::string attribute(std::string_view name, std::string_view value) {
    return " " + std::string(name) + "=\"" + markup(one_line(value)) + "\"";
}

// Of its turn; a watch check has none.
std::string took(const CheckView& check) {
    const Moment span = check.began && check.ended ? *check.ended - *check.began : Moment{0};
    char text[32];
    std::snprintf(text, sizeof(text), "%.3f", seconds(span));
    return text;
}

std::string test_case(const CheckView& check) {
    const Result& result = check.result;
    std::string text = "    <testcase" + attribute("classname", "verdict." + std::string(group_of(check.row->id))) +
                       attribute("name", std::string(check.row->id) + " " + std::string(check.row->title)) +
                       attribute("time", took(check));
    switch (result.outcome) {
        case Outcome::passed:
            return text + "/>\n";
        case Outcome::not_run:
            return text + ">\n      <skipped" + attribute("message", result.message) + "/>\n    </testcase>\n";
        case Outcome::warned:
            return text + ">\n      <system-out>Warning: " + markup(result.message + "\n" + result.hint) +
                   "</system-out>\n    </testcase>\n";
        case Outcome::failed:
            break;
    }
    return text + ">\n      <failure" + attribute("message", result.message) + attribute("type", check.row->source) +
           ">" + markup(result.message + "\n" + result.hint) + "</failure>\n    </testcase>\n";
}

std::string numbers(std::span<const CheckView> checks) {
    const auto with = [&](Outcome outcome) {
        return std::to_string(
            std::ranges::count_if(checks, [&](const CheckView& check) { return check.result.outcome == outcome; }));
    };
    return attribute("tests", std::to_string(checks.size())) + attribute("failures", with(Outcome::failed)) +
           attribute("errors", "0") + attribute("skipped", with(Outcome::not_run));
}

std::string suite(std::span<const CheckView> checks) {
    std::string text = "  <testsuite" + attribute("name", "verdict." + std::string(group_of(checks.front().row->id))) +
                       numbers(checks) + ">\n";
    for (const CheckView& check : checks) text += test_case(check);
    return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_report(const Run& run, const ReportHead& /*head*/) {
    const auto checks = run.checks();
    const std::span<const CheckView> all = checks;
    const std::string name = "murano-emulator verdict of " + run.plan().subject.identity;
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", name) +
                       attribute("tests", std::to_string(all.size())) + ">\n";
    for (std::size_t first = 0; first < all.size();) {
        std::size_t next = first + 1;
        while (next < all.size() && group_of(all[next].row->id) == group_of(all[first].row->id)) ++next;
        text += suite(all.subspan(first, next - first));
        first = next;
    }
    return text + "</testsuites>\n";
}

}  // namespace verdict
