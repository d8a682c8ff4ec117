#include "server/verdict/suite/suite_file.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace {

using verdict::suite::read_suite;

// The example of the documentation.
constexpr const char* example = R"({
  "suite": "Greenhouse controller", "parameters": { "patience_s": 30, "setting_alias": "config_io" },
  "checks": [
    "CON-*",                                                   // built-in ones by id or glob
    { "id": "KA-03", "parameters": { "patience_s": 120 } },
    { "id": "GH-01", "title": "The valve closes within 5 s of the command", "timeout_s": 30,
      "steps": [
        { "set": { "valve": "closed" } },
        { "expect": { "type": "data_in", "alias": "valve", "equals": "closed" }, "within": "5s", "hint": "Look at it." },
        { "fault": { "kind": "withhold", "packet": "PUBACK", "times": 2 } },
        { "never": { "type": "disconnect", "identity": "$identity" }, "for": "10s" },
        { "clear": true }, { "advance": "25h" }, { "hook": "power_cycle" }, { "disconnect": true },
        { "publish": { "topic": "valve/now", "payload": "x" } }, { "wait": "2s" },
      ] }
  ]
})";

std::string errors(std::string_view text) {
    config::Problems problems;
    CHECK_FALSE(read_suite(text, "s.json", problems));
    return problems.error_text();
}

// One check around the steps, on the first line.
std::string around(const std::string& steps) {
    return R"({"suite":"S","checks":[{"id":"A-1","steps":[)" + steps + "]}]}";
}

struct Bad {
    const char* text;
    const char* error;
};

}  // namespace

TEST_CASE("[Suite] the example of the documentation is read whole") {
    config::Problems problems;
    const auto file = read_suite(example, "s.json", problems);
    CHECK_MESSAGE(problems.ok(), problems.error_text());
    REQUIRE(file.has_value());
    CHECK(file->title == "Greenhouse controller");
    REQUIRE(file->built_in.size() == 2);
    CHECK(file->built_in[0].glob == "CON-*");
    REQUIRE(file->custom.size() == 1);
    const auto& custom = file->custom.front();
    CHECK(custom.timeout == std::chrono::seconds(30));
    REQUIRE(custom.steps.size() == 10);
    CHECK(std::get<verdict::suite::Set>(custom.steps[0].what).values.front().second == "closed");
    const auto& expect = std::get<verdict::suite::Expect>(custom.steps[1].what);
    CHECK(expect.within == std::chrono::seconds(5));
    CHECK(expect.match.filter.alias == "valve");
    CHECK(custom.steps[1].hint == "Look at it.");
    CHECK(std::get<verdict::suite::Fault>(custom.steps[2].what).json ==
          R"({"kind":"withhold","packet":"PUBACK","times":2})");
    CHECK(std::get<verdict::suite::Advance>(custom.steps[5].what).by == std::chrono::hours(25));
}

TEST_CASE("[Suite] the plan has the checks in the table's order, parameters of the file and of one check") {
    config::Problems problems;
    const auto file = read_suite(example, "s.json", problems);
    REQUIRE(file.has_value());
    verdict::RunPlan plan;
    CHECK_FALSE(verdict::suite::plan_suite(*file, {}, plan));
    REQUIRE(plan.checks.size() == 8);
    CHECK(plan.checks.front()->id == "CON-01");
    CHECK(plan.checks.back()->id == "KA-03");
    CHECK(plan.parameters.patience == std::chrono::seconds(30));
    CHECK(plan.parameters.setting_given);
    CHECK(plan.own_parameters.at("KA-03").patience == std::chrono::seconds(120));
    REQUIRE(plan.custom.size() == 1);
    CHECK(plan.custom.front()->row.title == "The valve closes within 5 s of the command");
}

TEST_CASE("[Suite] only and skip narrow both kinds of checks") {
    config::Problems problems;
    const auto file = read_suite(example, "s.json", problems);
    REQUIRE(file.has_value());
    verdict::RunPlan plan;
    CHECK_FALSE(verdict::suite::plan_suite(*file, {.only = {"gh-*", "CON-0?"}, .skip = {"CON-02"}}, plan));
    CHECK(plan.checks.size() == 6);
    CHECK(plan.custom.size() == 1);
    verdict::RunPlan nothing;
    CHECK(verdict::suite::plan_suite(*file, {.skip = {"*"}}, nothing).has_value());
}

TEST_CASE("[Suite] every mistake is told with its line and column, and with what was meant") {
    const Bad table[] = {
        {"", "s.json:1:1: the text is empty, expected JSON"},
        {"[1]", "s.json:1:1: found an array, expected an object"},
        {R"({"suite":"S"})", "s.json:1:1: checks: the list of checks is missing"},
        {R"({"checks":["KA-01"]})", "s.json:1:1: suite: the suite's name is missing"},
        {R"({"suite":7,"checks":["KA-01"]})", "s.json:1:10: suite: found 7, expected a string"},
        {R"({"suite":"S","checks":[]})", "s.json:1:23: checks: found an array, expected an array of 1 to 1000 checks"},
        {R"({"suite":"S","checks":"KA-01"})",
         "s.json:1:23: checks: found \"KA-01\", expected an array of 1 to 1000 checks"},
        {R"({"suite":"S","check":["KA-01"],"checks":["KA-01"]})",
         "s.json:1:14: check: unknown key, did you mean \"checks\"?"},
        {"{\"suite\":\"S\",\n\"checks\":[\n  \"KA-99\"]}",
         "s.json:3:3: checks[0]: no check fits \"KA-99\": there are KA-01, KA-02, KA-03, KA-04"},
        {R"({"suite":"S","checks":[1]})",
         "s.json:1:24: checks[0]: found 1, expected an id, a glob such as \"CON-*\", or an object"},
        {R"({"suite":"S","checks":[{"title":"x"}]})", "s.json:1:24: checks[0]: the check's id is missing"},
        {R"({"suite":"S","checks":[{"id":5}]})", "s.json:1:30: checks[0].id: found 5, expected a string"},
        {R"({"suite":"S","checks":[{"id":"XX-01"}]})",
         "s.json:1:30: checks[0].id: no check fits \"XX-01\", did you mean \"RX-01\"?"},
        {R"({"suite":"S","checks":[{"id":"KA-01","step":[]}]})",
         "s.json:1:38: checks[0].step: unknown key, did you mean \"steps\"?"},
        {R"({"suite":"S","checks":[{"id":"KA-01","steps":[{"wait":"1s"}]}]})",
         "s.json:1:30: checks[0].id: a check of its own needs an id of its own: KA-01 is built in"},
        {R"({"suite":"S","checks":[{"id":"a b","steps":[{"wait":"1s"}]}]})",
         "s.json:1:30: checks[0].id: found \"a b\", expected 1 to 40 letters, digits, - and _"},
        {R"({"suite":"S","checks":[{"id":"A","steps":[{"wait":"1s"}]},{"id":"A","steps":[{"wait":"1s"}]}]})",
         "s.json:1:65: checks[1].id: there is a check with this id already"},
        {R"({"suite":"S","checks":[{"id":"A","steps":[]}]})",
         "s.json:1:42: checks[0].steps: found an array, expected an array of 1 to 200 steps"},
        {R"({"suite":"S","checks":[{"id":"A","timeout_s":0,"steps":[{"wait":"1s"}]}]})",
         "s.json:1:46: checks[0].timeout_s: found 0, expected a number of seconds above 0, at most 1000000"},
        {R"({"suite":"S","parameters":{"patience":3},"checks":["KA-01"]})",
         "s.json:1:28: parameters.patience: unknown key, did you mean \"patience_s\"?"},
        {R"({"suite":"S","parameters":{"patience_s":"3"},"checks":["KA-01"]})",
         "s.json:1:41: parameters.patience_s: found \"3\", expected a number of seconds from 0 to 1000000"},
        {R"({"suite":"S","parameters":{"reprovisions":1},"checks":["KA-01"]})",
         "s.json:1:43: parameters.reprovisions: found 1, expected true or false"},
        {R"({"suite":"S","parameters":{"setting_values":"a"},"checks":["KA-01"]})",
         "s.json:1:45: parameters.setting_values: found \"a\", expected an array of strings"},
        {R"({"suite":"S","checks":["KA-01" "KA-02"]})",
         "s.json:1:32: checks[1]: found a text, expected a comma or ] before it"},
        {R"({"suite":"S","suite":"T","checks":["KA-01"]})", "s.json:1:14: suite: the key occurs twice in one object"},
    };
    for (const Bad& bad : table) CHECK(errors(bad.text) == std::string(bad.error) + "\n");
}

TEST_CASE("[Suite] every mistake in a step is told with its place") {
    const Bad table[] = {
        {R"("wait")", "s.json:1:45: checks[0].steps[0]: found a string, expected an object"},
        {R"({})",
         "s.json:1:45: checks[0].steps[0]: a step does one of set, expect, never, fault, clear, advance, hook, "
         "disconnect, publish, wait"},
        {R"({"wiat":"1s"})", "s.json:1:46: checks[0].steps[0].wiat: unknown key, did you mean \"wait\"?"},
        {R"({"wait":"1s","clear":true})",
         "s.json:1:58: checks[0].steps[0].clear: a step does one thing, and this one has wait already"},
        {R"({"wait":1})",
         "s.json:1:53: checks[0].steps[0].wait: found 1, expected a duration such as \"5s\" or \"25h\""},
        {R"({"wait":"5"})",
         "s.json:1:53: checks[0].steps[0].wait: \"5\" is not a duration: the unit is missing; write it as 25h, 90s, "
         "500ms or -1h (units d, h, m, s, ms, us)"},
        {R"({"wait":"0s"})",
         "s.json:1:53: checks[0].steps[0].wait: found \"0s\", expected a duration above 0, of a year at most"},
        {R"({"advance":"-1h"})",
         "s.json:1:56: checks[0].steps[0].advance: found \"-1h\", expected a duration above 0, of a year at most"},
        {R"({"clear":false})", "s.json:1:54: checks[0].steps[0].clear: found false, expected true"},
        {R"({"disconnect":1})", "s.json:1:59: checks[0].steps[0].disconnect: found 1, expected true"},
        {R"({"set":{}})", "s.json:1:52: checks[0].steps[0].set: found an object, expected an alias and its value"},
        {R"({"set":{"a":null}})",
         "s.json:1:57: checks[0].steps[0].set.a: found null, expected a string, a number, true or false"},
        {R"({"hook":""})", "s.json:1:53: checks[0].steps[0].hook: found \"\", expected a hook's name"},
        {R"({"publish":{"payload":"x"}})", "s.json:1:56: checks[0].steps[0].publish: the topic is missing"},
        {R"({"publish":{"topic":"a/#"}})",
         "s.json:1:65: checks[0].steps[0].publish.topic: found \"a/#\", expected a topic that a PUBLISH may carry: not "
         "empty, without + and #"},
        {R"({"publish":{"topic":"a","qos":1}})", "s.json:1:69: checks[0].steps[0].publish.qos: unknown key"},
        {R"({"expect":{"type":"data_inn"}})",
         "s.json:1:63: checks[0].steps[0].expect.type: there is no event type \"data_inn\"; did you mean \"data_in\"?"},
        {R"({"expect":{"allias":"a"}})",
         "s.json:1:56: checks[0].steps[0].expect.allias: unknown key, did you mean \"alias\"?"},
        {R"({"expect":{"regex":"("}})",
         "s.json:1:64: checks[0].steps[0].expect.regex: is not a regular expression in RE2's syntax: missing ): ("},
        {R"({"expect":{},"for":"1s"})", "s.json:1:58: checks[0].steps[0].for: unknown key"},
        {R"({"never":{},"within":"1s"})", "s.json:1:57: checks[0].steps[0].within: unknown key"},
        {R"({"fault":{"kind":"withold"}})",
         "s.json:1:62: checks[0].steps[0].fault.kind: found \"withold\", expected one of refuse, outage, silence, "
         "close, latency, bandwidth, slice, tls_certificate, tls_abort, tls_stall, tls_version, tls_records, "
         "tls_no_resumption, connack, withhold, ignore, delay, duplicate, reorder, replace, corrupt, inject, coalesce, "
         "http_status, body_cut, body_flip, body_slow, no_range, content_changed, content_list; did you mean "
         "\"withhold\"?"},
        {R"({"fault":{"kind":"withhold"}})",
         "s.json:1:54: checks[0].steps[0].fault.packet: withhold needs it: to the device"},
        {R"({"fault":{"kind":"refuse","ip":"10.0.0.1"}})",
         "s.json:1:71: checks[0].steps[0].fault.ip: the run strikes its own device: leave it out"},
        {R"({"fault":7})", "s.json:1:54: checks[0].steps[0].fault: found 7, expected an object"},
    };
    for (const Bad& bad : table) CHECK(errors(around(bad.text)) == std::string(bad.error) + "\n");
}

TEST_CASE("[Suite] a file over 4 MiB is refused unread") {
    CHECK(errors(std::string(verdict::suite::most_suite_bytes + 1, ' ')) == "s.json: a suite file has at most 4 MiB\n");
}
