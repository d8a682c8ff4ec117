#include "server/http/response.h"

#include "server/http/form.h"

#include <doctest/doctest.h>

using namespace net;

namespace {

constexpr std::int64_t date_us = 784111777LL * 1'000'000;

HttpResponse text(unsigned status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

}  // namespace

TEST_CASE("an answer carries status, fields, server, date and length") {
    HttpResponse response = text(200, "hello");
    response.set("Content-Type", "text/plain").set("content-type", "text/html");
    CHECK(serialise_head(response, {}, date_us) ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nServer: Murano\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
          "Content-Length: 5\r\n\r\n");
}

TEST_CASE("204 and 304 have neither length nor body, HEAD the length alone") {
    for (const unsigned status : {204U, 304U}) {
        const auto response = text(status, "ignored");
        CHECK(serialise_head(response, {}, date_us).find("Content-Length") == std::string::npos);
        CHECK_FALSE(has_body(response, {}));
    }
    const AnswerForm head{true, true, false};
    CHECK(serialise_head(text(200, "hello"), head, date_us).find("Content-Length: 5") != std::string::npos);
    CHECK_FALSE(has_body(text(200, "hello"), head));
    CHECK(has_body(text(200, "hello"), {}));
    CHECK(serialise_head(text(205, ""), {}, date_us).find("205 Reset Content\r\n") != std::string::npos);
}

TEST_CASE("Connection says what the request and the answer want") {
    const AnswerForm closing{false, false, false};
    const AnswerForm old{false, true, true};
    CHECK(serialise_head(text(200, ""), closing, 0).find("Connection: close") != std::string::npos);
    CHECK(serialise_head(text(200, ""), old, 0).find("Connection: keep-alive") != std::string::npos);
    HttpResponse last = text(400, "");
    last.close = true;
    CHECK(closes(last, {}));
    CHECK_FALSE(closes(text(200, ""), {}));
}

TEST_CASE("a stream is chunked, and for HTTP/1.0 ends with the connection") {
    HttpResponse stream;
    stream.stream = true;
    const AnswerForm old{false, true, true};
    CHECK(serialise_head(stream, {}, 0).find("Transfer-Encoding: chunked") != std::string::npos);
    CHECK(serialise_head(stream, {}, 0).find("Content-Length") == std::string::npos);
    CHECK(stream_piece("0123456789abcdef!", {}) == "11\r\n0123456789abcdef!\r\n");
    CHECK(stream_piece("", {}).empty());
    CHECK(stream_end({}) == "0\r\n\r\n");
    CHECK(closes(stream, old));
    CHECK(stream_piece("x", old) == "x");
    CHECK(stream_end(old).empty());
}

TEST_CASE("a line end in a field cannot begin another field") {
    HttpResponse response = text(200, "");
    response.set("Content-Disposition", "a\r\nSet-Cookie: x");
    CHECK(serialise_head(response, {}, 0).find("Content-Disposition: aSet-Cookie: x\r\n") != std::string::npos);
    response.set("Content-Type", "text/plain\x1b[2J\x7f\t;a=ä");
    CHECK(serialise_head(response, {}, 0).find("Content-Type: text/plain[2J\t;a=ä\r\n") != std::string::npos);
}

TEST_CASE("dates outside of what the calendar holds do not break the answer") {
    CHECK(http_date(-5) == "Thu, 01 Jan 1970 00:00:00 GMT");
    CHECK_FALSE(http_date(INT64_MAX).empty());
}

TEST_CASE("forms are decoded in order, bad ones refused") {
    const auto form = parse_form("a=1&b=x+y%3D&&c");
    REQUIRE(form);
    REQUIRE(form->size() == 3);
    CHECK((*form)[1].value == "x y=");
    CHECK((*form)[2].name == "c");
    CHECK_FALSE(parse_form("a=%"));
    CHECK_FALSE(parse_form("a=%ff"));
    CHECK_FALSE(parse_form("a&b&c", 2));
}

TEST_CASE("what is percent-encoded is decoded to the same bytes") {
    const std::string odd = "a/b c%+\xC3\xA4~";
    CHECK(percent_encode(odd) == "a%2Fb%20c%25%2B%C3%A4~");
    CHECK(percent_decode(percent_encode(odd)) == odd);
}
