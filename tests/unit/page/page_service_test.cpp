#include "server/page/page_service.h"

#include "server/page/page_file.h"

#include <doctest/doctest.h>

namespace {

// The API behind the page: refuses everything, and so shows what it is asked.
class Behind : public net::HttpService {
  public:
    class Refused : public net::HttpExchange {
      public:
        Refused() { response_.emplace().status = 401; }
        const std::optional<net::HttpResponse>& refusal() const override { return response_; }
        std::uint64_t body_limit() const override { return 0; }
        bool streams_body() const override { return false; }
        std::optional<net::HttpResponse> write(std::string_view) override { return {}; }
        net::HttpAnswer finish(std::string) override { return *response_; }
        net::HttpResponse reader_error(unsigned, const std::string&) override { return {}; }

      private:
        std::optional<net::HttpResponse> response_;
    };

    std::unique_ptr<net::HttpExchange> begin(std::shared_ptr<const net::HttpHead>, const net::HttpPeer&) override {
        return std::make_unique<Refused>();
    }
    net::HttpResponse failure(const net::HttpHead&, unsigned, const std::string&) override { return {}; }
    net::HttpResponse reader_error(const net::HttpPeer&, unsigned, const std::string&) override { return {}; }
    std::uint64_t watch(std::function<void()>) override { return 1; }
    void unwatch(std::uint64_t) override {}
};

using Fields = std::vector<net::HttpField>;

net::HttpResponse ask(const std::string& method, std::vector<std::string> path, Fields fields = {}) {
    auto head = std::make_shared<net::HttpHead>();
    head->method = method;
    head->segments = std::move(path);
    head->fields = std::move(fields);
    const auto service = page::in_front_of(std::make_unique<Behind>());
    return *service->begin(std::move(head), {})->refusal();
}

net::HttpResponse file(const std::string& name, Fields fields = {}) {
    return ask("GET", {"_emulator", "ui", name}, std::move(fields));
}

const Fields browser{{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}, {"Accept-Encoding", "gzip, deflate"}};

}  // namespace

TEST_CASE("a browser gets the page at the root") {
    const auto page = ask("GET", {}, browser);
    CHECK(page.status == 200);
    CHECK(page.field("Content-Type") == "text/html; charset=utf-8");
    CHECK(page.field("Content-Encoding") == "gzip");
    CHECK(page.field("Content-Security-Policy").starts_with("default-src 'self';"));
    CHECK(page.field("X-Content-Type-Options") == "nosniff");
    CHECK(ask("HEAD", {}, browser).status == 200);
}

TEST_CASE("every file is served, packed where that is understood") {
    REQUIRE(page::find("index.html") != nullptr);
    for (const page::PageFile& one : page::embedded()) {
        CAPTURE(one.name);
        CHECK_FALSE(one.media_type.empty());
        const std::string name(one.name);
        CHECK(file(name).body == one.plain);
        CHECK(file(name, {{"Accept-Encoding", "br, GZIP"}}).body == one.packed);
        CHECK(file(name, {{"Accept-Encoding", "gzip;q=0.5"}}).body == one.packed);
        CHECK(file(name, {{"Accept-Encoding", "br, gzip;q=0"}}).body == one.plain);
        CHECK(file(name, {{"Accept-Encoding", "x-gzip-like"}}).body == one.plain);
    }
}

TEST_CASE("everything else goes to the API behind the page") {
    CHECK(ask("GET", {}).status == 401);  // a program
    CHECK(ask("GET", {}, {{"Accept", "application/json"}}).status == 401);
    CHECK(ask("POST", {}, browser).status == 401);
    CHECK(ask("DELETE", {"_emulator", "ui", "index.html"}).status == 401);
    CHECK(file("nothing.js").status == 401);
    CHECK(ask("GET", {"_emulator", "ui"}, browser).status == 401);
    CHECK(ask("GET", {"_emulator", "ui", "index.html", "x"}).status == 401);
    CHECK(ask("GET", {"_emulator", "v1", "health"}, browser).status == 401);
}

TEST_CASE("a file that the browser has is not sent again") {
    for (const Fields& fields : {Fields{}, Fields{{"Accept-Encoding", "gzip"}}}) {
        Fields again = fields;
        again.push_back({"If-None-Match", std::string(file("index.html", fields).field("ETag"))});
        const auto second = file("index.html", again);
        CHECK(second.status == 304);
        CHECK(second.body.empty());
        again.back().value = "\"another\"";
        CHECK(file("index.html", again).status == 200);
    }
}

TEST_CASE("the page is at most 200 KB over the wire") {
    std::size_t all = 0;
    for (const page::PageFile& one : page::embedded()) all += one.packed.size();
    CHECK(all > 0);
    CHECK(all <= 200'000);
}
