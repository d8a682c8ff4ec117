#include "server/murano/http_refusal.h"

#include <doctest/doctest.h>

using murano::http_refusal;

TEST_CASE("[R60] a refused request is told with its cause and what to do") {
    const auto finding = http_refusal({"GET", "/content/c1/logo.gif", 403, "its signature has 56 of 64 characters"});
    CHECK(finding.rule == "R60");
    CHECK(finding.message == "GET '/content/c1/logo.gif' was refused with 403: its signature has 56 of 64 characters.");
    CHECK(finding.hint.starts_with("Fetch the url of the $content answer as it stands"));
    CHECK(http_refusal({"GET", "/content/c1/x", 404, "no"}).hint == "Ask $content for what there is.");
    CHECK(http_refusal({"GET", "/index.html", 404, "no"}).hint.find("/provision/activate") != std::string::npos);
}

TEST_CASE("[R64, R65] the path says which rule it was") {
    CHECK(http_refusal({"POST", "/provision/activate", 411, "no"}).rule == "R64");
    CHECK(http_refusal({"PUT", "/provision/content/f", 401, "no"}).rule == "R65");
    CHECK(http_refusal({"GET", "/", 404, "no"}).rule == "R60");
}

TEST_CASE("a request that cannot be read is named so, and text of the device is quoted") {
    CHECK(http_refusal({"", "", 400, "no"}).message == "An HTTP request was refused with 400: no.");
    CHECK(http_refusal({"GET", "/a\nb", 404, "no"}).message == "GET '/a\\x0ab' was refused with 404: no.");
}
