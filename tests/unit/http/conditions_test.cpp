#include "server/http/conditions.h"

#include "server/http/range.h"

#include <doctest/doctest.h>

using namespace net;

namespace {

constexpr const char* same_day = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* day_before = "Sat, 05 Nov 1994 08:49:37 GMT";
const FileVersion version{"\"tag\"", 784111777LL * 1'000'000 + 999'999, 1000};  // same_day, and a fraction

ConditionVerdict verdict(std::vector<HttpField> fields, std::string method = "GET", bool there = true) {
    HttpHead head;
    head.method = std::move(method);
    head.fields = std::move(fields);
    return check_conditions(head, there ? std::optional(version) : std::nullopt);
}

}  // namespace

TEST_CASE("[R60] If-Match takes strong tags only, and * where there is a file") {
    for (const char* list : {"\"tag\"", "\"a\", \"tag\"", "*"}) {
        CAPTURE(list);
        CHECK(verdict({{"If-Match", list}}) == ConditionVerdict::holds);
    }
    for (const char* list : {"\"other\"", "W/\"tag\"", ""}) {
        CAPTURE(list);
        CHECK(verdict({{"If-Match", list}}) == ConditionVerdict::failed);
    }
    CHECK(verdict({{"If-Match", "*"}}, "PUT", false) == ConditionVerdict::failed);
}

TEST_CASE("[R60] If-Unmodified-Since compares whole seconds, and counts only without If-Match") {
    CHECK(verdict({{"If-Unmodified-Since", same_day}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Unmodified-Since", day_before}}) == ConditionVerdict::failed);
    CHECK(verdict({{"If-Unmodified-Since", "yesterday"}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Unmodified-Since", day_before}, {"If-Match", "*"}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Unmodified-Since", day_before}}, "PUT", false) == ConditionVerdict::holds);
}

TEST_CASE("[R60] If-Modified-Since answers 304 to GET and HEAD, and counts only without If-None-Match") {
    CHECK(verdict({{"If-Modified-Since", same_day}}) == ConditionVerdict::not_modified);
    CHECK(verdict({{"If-Modified-Since", same_day}}, "HEAD") == ConditionVerdict::not_modified);
    CHECK(verdict({{"If-Modified-Since", same_day}}, "PUT") == ConditionVerdict::holds);
    CHECK(verdict({{"If-Modified-Since", day_before}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Modified-Since", "1994-11-06"}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Modified-Since", same_day}, {"If-None-Match", "\"other\""}}) == ConditionVerdict::holds);
    CHECK(verdict({{"If-Modified-Since", day_before}, {"If-None-Match", "\"tag\""}}) == ConditionVerdict::not_modified);
}

TEST_CASE("If-None-Match fails another method than GET and HEAD where the file is there") {
    CHECK(verdict({{"If-None-Match", "*"}}, "PUT") == ConditionVerdict::failed);
    CHECK(verdict({{"If-None-Match", "*"}}, "PUT", false) == ConditionVerdict::holds);
    CHECK(verdict({{"If-None-Match", "W/\"tag\""}}, "POST") == ConditionVerdict::failed);
}

TEST_CASE("a failed If-Match goes before If-None-Match and Range, and is answered 412") {
    HttpHead head;
    head.method = "GET";
    head.fields = {{"If-Match", "\"other\""}, {"If-None-Match", "*"}, {"Range", "bytes=0-1"}};
    const auto answer = file_response(head, version, "f", "");
    CHECK(answer.status == 412);
    CHECK(answer.field("ETag") == "\"tag\"");
    CHECK_FALSE(answer.file);
    CHECK(reason_phrase(412) == "Precondition Failed");
    CHECK(reason_phrase(411) == "Length Required");
}

TEST_CASE("an HTTP date is read in each of its forms") {
    for (const char* text :
         {same_day, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", " Sun, 06 Nov 1994 08:49:37 GMT "}) {
        CAPTURE(text);
        CHECK(parse_http_date(text) == 784111777);
    }
    for (const char* text : {"", "now", "784111777", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT, x"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_http_date(text));
    }
}
