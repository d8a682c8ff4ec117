#include "server/journal/json_condition.h"

#include <string>

#include <doctest/doctest.h>

using journal::JsonCondition;
using Answer = journal::JsonCondition::Answer;

namespace {

JsonCondition parsed(std::string_view text) {
    auto condition = JsonCondition::parse(text);
    if (const auto* error = std::get_if<std::string>(&condition)) FAIL(*error);
    return std::get<JsonCondition>(condition);
}

std::string refused(std::string_view text) {
    auto condition = JsonCondition::parse(text);
    REQUIRE(std::holds_alternative<std::string>(condition));
    return std::get<std::string>(condition);
}

}  // namespace

TEST_CASE("a condition compares the value at a JSON Pointer") {
    struct Row {
        const char* condition;
        const char* document;
        Answer answer;
    };
    const Row rows[] = {
        {"/channels/001>=5", R"({"channels":{"001":5}})", Answer::holds},
        {"/channels/001>=5", R"({"channels":{"001":4.99}})", Answer::differs},
        {"/channels/001>5", R"({"channels":{"001":5}})", Answer::differs},
        {"/channels/001<=5", R"({"channels":{"001":5.0}})", Answer::holds},
        {"/channels/001<5", R"({"channels":{"001":"4"}})", Answer::differs},
        {"/channels/002=5", R"({"channels":{"001":5}})", Answer::no_such_place},
        {"/channels/002!=5", R"({"channels":{"001":5}})", Answer::no_such_place},
        {"/on!=true", R"({"on":false})", Answer::holds},
        {R"(/state="on")", R"({"state":"on"})", Answer::holds},
        {R"(/state>"of")", R"({"state":"on"})", Answer::holds},
        {R"(/a={"y":2,"x":[1]})", R"({"a":{"x":[1],"y":2.0}})", Answer::holds},
        {"/a/1=2", R"({"a":[1,2]})", Answer::holds},
        {"=5", "5", Answer::holds},
        {">=-1", "-0.5", Answer::holds},
        {"/a~1b=1", R"({"a/b":1})", Answer::holds},
        {"/x<=y=1", R"({"x<=y":1})", Answer::holds},
        {"/n=null", R"({"n":null})", Answer::holds},
        {"/id=9007199254740993", R"({"id":9007199254740992})", Answer::differs},
        {"/a=1", "21.5", Answer::no_such_place},
        {"/a=1", "not JSON", Answer::no_json},
        {"/a=1", "", Answer::no_json},
    };
    for (const Row& row : rows) {
        CAPTURE(row.condition);
        CAPTURE(row.document);
        CHECK(parsed(row.condition).check(row.document) == row.answer);
    }
}

TEST_CASE("what is no condition is refused with what to write instead") {
    CHECK(refused("$.a>=5").find("/a/b instead") != std::string::npos);
    CHECK(refused("/a").find("comparison is missing") != std::string::npos);
    CHECK(refused("").find("comparison is missing") != std::string::npos);
    CHECK(refused("/state=on").find("needs quotes") != std::string::npos);
    CHECK(refused("a/b=1").find("begins with /") != std::string::npos);
    CHECK(refused("/a~2=1").find("~0") != std::string::npos);
    CHECK(refused("/a=" + std::string(5000, '1')).find("4096") != std::string::npos);
}

TEST_CASE("a difference tells the value that stands there, however deep the rest is") {
    CHECK(parsed("/a=1").explain(R"({"a":"x"})").found == "\"x\"");
    CHECK(parsed("/a=1").explain(R"({"a":[[1]]})").found == "an array");
    const std::string deep = "{\"a\":" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    CHECK(parsed("/a=1").explain(deep).found == "an array");
    CHECK(parsed("/a=1").check(std::string(journal::longest_examined_text + 1, ' ')) == Answer::no_json);
}
