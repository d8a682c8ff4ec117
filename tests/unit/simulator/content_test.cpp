#include "server/simulator/http_answer.h"
#include "tests/unit/simulator/life.h"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using simulator::DeviceOptions;
using simulator::DownloadEnd;
using simulator::Profile;
using test::Life;

namespace {

std::string list_of(const std::string& name, std::uint64_t length, const std::string& url) {
    return R"([{"name":")" + name + R"(","length":)" + std::to_string(length) + R"(,"mime":"x/y","url":")" + url +
           "\"}]";
}

// Logged in, its first report and its question for the list seen.
Life asking() {
    Life life([](Profile& profile, DeviceOptions&) { profile.content_interval = 1h; });
    life.log_in();
    const auto report = life.publish();
    const auto question = life.publish();
    CHECK(question.topic == "$content");
    CHECK(question.payload.empty());
    life.acknowledge(report.packet_id);
    return life;
}

}  // namespace

TEST_CASE("content of the list is fetched once, whatever its link is the next time") {
    auto life = asking();
    CHECK_FALSE(life.took_download());
    life.give_publish("$content", list_of("a", 10, "https://h/a?1"));
    const auto order = life.took_download();
    REQUIRE(order);
    CHECK(order->url == "https://h/a?1");
    CHECK(order->offset == 0);
    CHECK(order->length == 10);
    life.device().downloaded(DownloadEnd::whole, 10, life.now());
    CHECK(life.device().counts().downloads == 1);
    life.give_publish("$content", list_of("a", 10, "https://h/a?2"));
    CHECK_FALSE(life.took_download());
    life.give_publish("$content", list_of("a", 11, "https://h/a?3"));
    CHECK(life.took_download());
}

TEST_CASE("a download that was cut goes on where it stopped, after a pause") {
    auto life = asking();
    life.give_publish("$content", list_of("a", 10, "https://h/a"));
    REQUIRE(life.took_download());
    life.device().downloaded(DownloadEnd::cut, 4, life.now());
    life.pass(500ms);
    CHECK_FALSE(life.took_download());
    life.pass(1s);
    const auto again = life.took_download();
    REQUIRE(again);
    CHECK(again->offset == 4);
}

TEST_CASE("where a link is refused, the device asks for new links after a pause, and not at once") {
    auto life = asking();
    life.give_publish("$content", list_of("a", 10, "https://h/a?old"));
    REQUIRE(life.took_download());
    life.device().downloaded(DownloadEnd::refused, 0, life.now());
    life.expect_nothing();
    life.pass(1500ms);
    CHECK(life.publish().topic == "$content");
    CHECK_FALSE(life.took_download());
    life.give_publish("$content", list_of("a", 10, "https://h/a?new"));
    const auto again = life.took_download();
    REQUIRE(again);
    CHECK(again->url == "https://h/a?new");
}

TEST_CASE("a list that cannot be read, or is empty, changes nothing") {
    for (const char* const text : {"", "{", "{}", "[1]", R"([{"name":"a"}])", R"([{"name":"a","url":"u"}])", "[]"}) {
        auto life = asking();
        life.give_publish("$content", text);
        CHECK_FALSE(life.took_download());
        life.pass(1h);
    }
}

TEST_CASE("an HTTP answer is read in any chunks") {
    const std::string text = "HTTP/1.1 206 Partial Content\r\nX: y\r\ncontent-Length: 5\r\n\r\n12345";
    simulator::HttpAnswer answer;
    for (const char byte : text) {
        CHECK_FALSE(answer.whole());
        answer.take(std::string(1, byte));
    }
    CHECK(answer.whole());
    CHECK(answer.status() == 206);
    CHECK(answer.body() == 5);
}

TEST_CASE("what is no HTTP answer is broken") {
    for (const char* const text :
         {"SSH-2.0\r\n\r\n", "HTTP/1.1 x\r\nContent-Length: 1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"}) {
        simulator::HttpAnswer answer;
        answer.take(text);
        CHECK(answer.broken());
    }
    simulator::HttpAnswer endless;
    endless.take(std::string(20'000, 'x'));
    CHECK(endless.broken());
}

TEST_CASE("links of content are read") {
    const auto url = simulator::parse_url("https://a.example:8443/x?y=1");
    REQUIRE(url);
    CHECK(url->tls);
    CHECK(url->host == "a.example");
    CHECK(url->port == 8443);
    CHECK(url->target == "/x?y=1");
    CHECK(simulator::download_request(*url, 7) ==
          "GET /x?y=1 HTTP/1.1\r\nHost: a.example:8443\r\nConnection: close\r\nRange: bytes=7-\r\n\r\n");
    CHECK(simulator::parse_url("http://[::1]/")->host == "::1");
    CHECK(simulator::parse_url("https://a")->port == 443);
    for (const char* const wrong : {"", "ftp://a/", "https://", "https:///x", "a/b", "https://a:x/"})
        CHECK_FALSE(simulator::parse_url(wrong));
}
