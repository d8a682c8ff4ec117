#include "server/murano/http_refusal.h"

#include <doctest/doctest.h>

using murano::http_refusal;

TEST_CASE("[R60] a refused request is told with its cause and what to do") {
    const auto finding = http_refusal({"GET", "/content/c1/logo.gif", 403, "its signature has 56 of 64 characters"});
    CHECK(finding.code == "R60.bad_link");
    CHECK(finding.message == "GET '/content/c1/logo.gif' was refused with 403: its signature has 56 of 64 characters.");
    CHECK(finding.hint.starts_with("Fetch the url of the $content answer unchanged"));
    CHECK(http_refusal({"GET", "/content/c1/x", 404, "no"}).hint == "Publish to $content for the list of items.");
    CHECK(http_refusal({"GET", "/index.html", 404, "no"}).hint.find("/provision/activate") != std::string::npos);
}

TEST_CASE("[R64, R65] the path says which rule it was, the status what was wrong") {
    CHECK(http_refusal({"POST", "/provision/activate", 411, "no"}).code == "R64.no_length");
    CHECK(http_refusal({"PUT", "/provision/content/f", 401, "no"}).code == "R65.no_credential");
    CHECK(http_refusal({"GET", "/", 404, "no"}).code == "R60.unknown_path");
    CHECK(http_refusal({"GET", "/", 401, "no"}).code == "R60.no_credential");
    CHECK(http_refusal({"GET", "/content/c1/x", 404, "no"}).code == "R60.unknown_item");
    CHECK(http_refusal({"POST", "/x", 411, "no"}).code == "R60.no_length");
    CHECK(http_refusal({"GET", "/content/c1/x", 416, "no"}).code == "R60.range_behind_the_end");
    CHECK(http_refusal({"GET", "/content/c1/x", 405, "no"}).code == "R60.request_refused");
    CHECK(http_refusal({"POST", "/provision/activate", 401, "no"}).code == "R64.no_credential");
    CHECK(http_refusal({"POST", "/provision/activate", 404, "no"}).code == "R64.request_refused");
    CHECK(http_refusal({"PUT", "/provision/content/f", 411, "no"}).code == "R65.no_length");
    CHECK(http_refusal({"PUT", "/provision/content/f", 403, "no"}).code == "R65.request_refused");
}

TEST_CASE("a request that cannot be read is named so, and text of the device is quoted") {
    CHECK(http_refusal({"", "", 400, "no"}).message == "An HTTP request was refused with 400: no.");
    CHECK(http_refusal({"GET", "/a\nb", 404, "no"}).message == "GET '/a\\x0ab' was refused with 404: no.");
}
