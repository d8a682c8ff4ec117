#include "server/http/reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace net;

namespace {

struct Seen {
    std::vector<HttpHead> heads;
    std::vector<std::string> bodies;
    std::optional<HttpError> error;
};

// Feeds `bytes` in pieces of `step` and takes everything that comes.
Seen read_all(std::string_view bytes, std::size_t step, bool streaming = false, std::uint64_t limit = 1024) {
    HttpReader reader;
    Seen seen;
    std::string streamed;
    while (!bytes.empty()) {
        reader.feed(bytes.substr(0, step));
        bytes.remove_prefix(std::min(step, bytes.size()));
        while (auto event = reader.next()) {
            if (auto* ready = std::get_if<HeadersReady>(&*event)) {
                seen.heads.push_back(*ready->head);
                streaming ? reader.stream_body(limit) : reader.collect_body(limit);
            } else if (auto* piece = std::get_if<BodyChunk>(&*event)) {
                streamed += piece->bytes;
            } else if (auto* complete = std::get_if<Complete>(&*event)) {
                seen.bodies.push_back(streaming ? std::exchange(streamed, {}) : complete->body);
            } else {
                seen.error = std::get<HttpError>(*event);
            }
        }
    }
    return seen;
}

unsigned status_of(std::string_view bytes, std::uint64_t limit = 1024) {
    const auto seen = read_all(bytes, bytes.size(), false, limit);
    return seen.error ? seen.error->status : 0;
}

std::string get(std::string_view target, std::string_view fields = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

TEST_CASE("pipelined requests come out in order, however the bytes are cut") {
    const std::string bytes =
        "\r\nPOST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        "PUT /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"
        "GET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /never HTTP/1.1\r\n\r\n";
    for (const bool streaming : {false, true}) {
        for (std::size_t step = 1; step <= bytes.size(); ++step) {
            const Seen seen = read_all(bytes, step, streaming);
            REQUIRE_FALSE(seen.error);
            REQUIRE(seen.heads.size() == 3);
            CHECK(seen.heads[0].segments == std::vector<std::string>{"a"});
            CHECK(seen.heads[1].chunked);
            CHECK(seen.heads[1].keep_alive);
            CHECK_FALSE(seen.heads[2].keep_alive);
            CHECK(seen.bodies == std::vector<std::string>{"hello", "abcde", ""});
        }
    }
}

TEST_CASE("the last chunk may come in any pieces, with nothing before it too") {
    for (const std::string_view chunks : {"0\r\n\r\n", "0\r\nT: 1\r\n\r\n", "1\r\n0\r\n0\r\n\r\n"}) {
        const std::string bytes =
            "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
        for (std::size_t step = 1; step <= bytes.size(); ++step) {
            const Seen seen = read_all(bytes, step, step % 2 == 0);
            CHECK_FALSE(seen.error);
            CHECK(seen.bodies == std::vector<std::string>{chunks.starts_with('0') ? "" : "0"});
        }
    }
}

TEST_CASE("the path is decoded segment by segment, so that an escaped slash does not split") {
    const Seen seen = read_all(get("/a%2Fb/%C3%A4//c%20d/?x=1&y=a+b%26&x=2&flag"), 1000);
    REQUIRE(seen.heads.size() == 1);
    const HttpHead& head = seen.heads[0];
    CHECK(head.segments == std::vector<std::string>{"a/b", "\xC3\xA4", "", "c d"});
    CHECK(head.trailing_slash);
    REQUIRE(head.query.size() == 4);
    CHECK(head.query_value("y") == "a b&");
    CHECK(head.query_value("x") == "1");
    CHECK(head.query_value("flag") == "");
    CHECK_FALSE(head.query_value("z"));
}

TEST_CASE("a target in absolute form means its path, and its host wins over Host") {
    const Seen seen = read_all(get("http://Evil.example:81/p?q=1"), 1000);
    REQUIRE(seen.heads.size() == 1);
    CHECK(seen.heads[0].segments == std::vector<std::string>{"p"});
    CHECK(seen.heads[0].query_value("q") == "1");
    CHECK(seen.heads[0].host() == "Evil.example:81");
    CHECK(seen.heads[0].host_differs);
    CHECK_FALSE(read_all(get("http://H:80/p"), 1000).heads.at(0).host_differs);
    CHECK_FALSE(read_all(get("/http://other/"), 1000).heads.at(0).host_differs);
    CHECK(read_all(get("http://h"), 1000).heads.at(0).segments.empty());
    CHECK(read_all("GET http://only/ HTTP/1.0\r\n\r\n", 1000).heads.at(0).host() == "only");
    CHECK(status_of(get("http:///p")) == 400);
    CHECK(status_of(get("http://user@h/p")) == 400);
}

TEST_CASE("a broken chunk size is told as soon as it shows") {
    for (const char* chunk : {"z", "5z", "0z", "-", "11111111111111111", "5\n", " 5", "1\r\nax", "1\r\na\n"}) {
        CAPTURE(chunk);
        const Seen seen = read_all(get("/", "Transfer-Encoding: chunked\r\n") + chunk, 1);
        REQUIRE(seen.error);
        CHECK(seen.error->status == 400);
    }
    for (const char* chunk : {"", "5", "0", "0\r", "1\r\na", "1\r\na\r", "1;a=b\r\na\r\n0", "1f"}) {
        CAPTURE(chunk);
        CHECK_FALSE(read_all(get("/", "Transfer-Encoding: chunked\r\n") + chunk, 1).error);
    }
}

TEST_CASE("lines that end in LF alone are told for what they are, as soon as one has come") {
    for (const char* text : {"GET / HTTP/1.1\n", "GET / HTTP/1.1\r\nHost: h\n", "POST /a HTTP/1.1\nHost: h\n\n"}) {
        for (const std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
            CAPTURE(text);
            const Seen seen = read_all(text, step);
            REQUIRE(seen.error);
            CHECK(seen.error->status == 400);
            CHECK(seen.error->message.find("LF alone") != std::string::npos);
        }
    }
    const Seen body = read_all("POST / HTTP/2.0\r\nHost: h\r\nContent-Length: 2\r\n\r\na\n", 1000);
    CHECK(body.error->status == 505);
    CHECK(read_all("\r\n\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", 1).heads.size() == 1);
}

TEST_CASE("of two mistakes the first is told, however the bytes are cut") {
    struct Case {
        std::string text;
        unsigned status;
    };
    const std::string host = "Host: h\r\n";
    std::string many;
    for (std::size_t n = 0; n <= HttpLimits{}.header_count; ++n) many += "A: b\r\n";
    const std::vector<Case> cases = {
        {"GET / HTT\xd2P/1.1\r\n" + host + "A: b\nC: d\r\n\r\n", 505},
        {"GET / HTTX/1.1\n" + host + "\r\n", 505},
        {"GET / HTTP/2.0\r\nA: b\n", 505},
        {"GET / HTTP/1.1\r\n" + host + "A: b\nContent-Length: *4\r\n\r\n", 400},
        {"GET / HTTP/1.1\nContent-Length: *4\r\n\r\n", 400},
        {"GET / HTTP/1.1\r\n" + many + "A: b\nC: d\r\n\r\n", 431},
    };
    for (const Case& one : cases) {
        CAPTURE(one.text);
        for (std::size_t step = 1; step <= one.text.size(); ++step) {
            const Seen seen = read_all(one.text, step);
            REQUIRE(seen.error);
            CHECK(seen.error->status == one.status);
        }
    }
}

TEST_CASE("header names are looked up in any case, Expect is told") {
    const Seen seen = read_all(
        "POST / HTTP/1.1\r\nHOST: h\r\ncontent-TYPE: Application/JSON; charset=x\r\nExpect: 100-Continue\r\n"
        "Content-Length: 0\r\n\r\n",
        1000);
    REQUIRE(seen.heads.size() == 1);
    CHECK(seen.heads[0].host() == "h");
    CHECK(seen.heads[0].media_type() == "application/json");
    CHECK(seen.heads[0].expects_continue);
    CHECK(seen.heads[0].segments.empty());
}

TEST_CASE("HTTP/1.0 needs no Host and closes unless it asks otherwise") {
    CHECK_FALSE(read_all("GET / HTTP/1.0\r\n\r\n", 100).heads.at(0).keep_alive);
    CHECK(read_all("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 100).heads.at(0).keep_alive);
}

TEST_CASE("bad requests are refused with the fitting status") {
    struct Row {
        const char* name;
        std::string bytes;
        unsigned status;
    };
    const std::vector<Row> rows{
        {"garbage", "\x16\x03\x01\x02garbage\r\n\r\n", 400},
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
        {"two Hosts", get("/", "Host: other\r\n"), 400},
        {"version 2", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        {"version 3 digits", "GET / HTTP/1.9\r\nHost: h\r\n\r\n", 505},
        {"broken escape", get("/%zz"), 400},
        {"cut escape", get("/%4"), 400},
        {"NUL in the path", get("/a%00b"), 400},
        {"not UTF-8", get("/%ff"), 400},
        {"bad query escape", get("/?a=%g0"), 400},
        {"asterisk path without slash", get("x"), 400},
        {"length and chunked", get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"two lengths", get("/", "Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
        {"negative length", get("/", "Content-Length: -1\r\n"), 400},
        {"unknown transfer encoding", get("/", "Transfer-Encoding: gzip\r\n"), 501},
        {"a coding before chunked", get("/", "Transfer-Encoding: gzip, chunked\r\n"), 501},
        {"chunked in two fields", get("/", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"), 501},
        {"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
        {"gzip", get("/", "Content-Encoding: gzip\r\nContent-Length: 3\r\n"), 415},
        {"odd expectation", get("/", "Expect: coffee\r\n"), 417},
        {"space before colon", get("/", "Name : v\r\n"), 400},
        {"bad chunk size", get("/", "Transfer-Encoding: chunked\r\n") + "zz\r\n", 400},
        {"target too long", get("/" + std::string(9000, 'a')), 414},
        {"line never ends", "GET /" + std::string(40000, 'a'), 414},
        {"field too large", get("/", "X: " + std::string(17000, 'b') + "\r\n"), 431},
        {"length over limit", get("/", "Content-Length: 1025\r\n"), 413},
        {"chunks over limit",
         get("/", "Transfer-Encoding: chunked\r\n") + "401\r\n" + std::string(1025, 'x') + "\r\n0\r\n\r\n", 413},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(status_of(row.bytes) == row.status);
        const Seen slow = read_all(row.bytes, 1);
        REQUIRE(slow.error);
        CHECK(slow.error->status == row.status);
    }
}

TEST_CASE("many small fields are limited too, also when they come one by one") {
    std::string many;
    for (int i = 0; i < 101; ++i) many += "a: b\r\n";
    CHECK(read_all(get("/", many), 7).error->status == 431);
    std::string large;
    for (int i = 0; i < 90; ++i) large += "a: " + std::string(300, 'b') + "\r\n";
    CHECK(read_all(get("/", large), 7).error->status == 431);
}

TEST_CASE("a chunk header without end does not grow without bound") {
    HttpReader reader;
    reader.feed(get("/", "Transfer-Encoding: chunked\r\n") + "1;");
    REQUIRE(std::holds_alternative<HeadersReady>(*reader.next()));
    std::optional<HttpEvent> event;
    for (int i = 0; i < 1000 && !event; ++i) {
        reader.feed(std::string(100, 'x'));
        event = reader.next();
    }
    REQUIRE(event);
    CHECK(std::holds_alternative<HttpError>(*event));
    CHECK(reader.finished());
    CHECK(reader.buffered_bytes() == 0);
}

TEST_CASE("after an error nothing more comes") {
    HttpReader reader;
    reader.feed("nonsense\r\n\r\n" + get("/"));
    REQUIRE(std::holds_alternative<HttpError>(*reader.next()));
    reader.feed(get("/"));
    CHECK_FALSE(reader.next());
}

TEST_CASE("a reader tells whether it stands inside a request") {
    HttpReader reader;
    CHECK_FALSE(reader.in_request());
    reader.feed("GET / HT");
    CHECK_FALSE(reader.next());
    CHECK(reader.in_request());
    reader.feed("TP/1.1\r\nHost: h\r\n\r\n");
    CHECK(reader.next());
    CHECK(reader.next());
    CHECK_FALSE(reader.in_request());
}
