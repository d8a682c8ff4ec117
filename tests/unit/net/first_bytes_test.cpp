#include "server/net/first_bytes.h"

#include <string>

#include <doctest/doctest.h>

using namespace std::literals;

TEST_CASE("HTTP is told from MQTT by what comes first, slips of HTTP too") {
    for (const auto text : {"GET / HTTP/1.1"sv, "P"sv, "\r\nGET"sv, "\nGET"sv, "get / http/1.1"sv, "put"sv}) {
        CAPTURE(text);
        CHECK(net::begins_like_http(text));
    }
    for (const auto bytes : {""sv, "\x10\x0c\x00\x04MQTT"sv, "\x62\x02\x00\x01"sv, "p\x02\x00\x01"sv, "g"sv, "ge"sv,
                             "\xc0\x00"sv, "\x00\x00"sv, "\x16\x03\x01"sv}) {
        CHECK_FALSE(net::begins_like_http(bytes));
    }
}
