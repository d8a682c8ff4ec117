#include "server/page/page_service.h"

#include "server/http/conditions.h"
#include "server/page/page_file.h"

#include <algorithm>
#include <string>
#include <utility>

namespace page {

namespace {

// Nothing leaves this server, nothing runs that is not a file of it, and no other page shows it in a frame.
constexpr std::string_view policy =
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'";

// "gzip;q=0" refuses it.
bool takes_gzip(const net::HttpHead& head) {
    const std::string accepted = net::lower_case(head.field("Accept-Encoding"));
    std::string_view left = accepted;
    while (!left.empty()) {
        const std::string_view one = left.substr(0, left.find(','));
        left.remove_prefix(std::min(left.size(), one.size() + 1));
        if (net::trimmed(one.substr(0, one.find(';'))) != "gzip") continue;
        return one.find("q=0") == std::string_view::npos || one.find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

bool wants_a_page(const net::HttpHead& head) {
    return net::lower_case(head.field("Accept")).find("text/html") != std::string::npos;
}

// nullptr: no file of the page is asked for.
const PageFile* asked_for(const net::HttpHead& head) {
    if (head.method != "GET" && head.method != "HEAD") return nullptr;
    const auto& path = head.segments;
    if (path.empty()) return wants_a_page(head) ? find("index.html") : nullptr;
    return path.size() == 3 && path[0] == "_emulator" && path[1] == "ui" ? find(path[2]) : nullptr;
}

net::HttpResponse response_of(const PageFile& file, const net::HttpHead& head) {
    const bool packed = takes_gzip(head);
    const std::string etag = '"' + std::string(file.version) + (packed ? "-gzip\"" : "\"");
    net::HttpResponse response;
    response.set("Content-Type", file.media_type).set("ETag", etag);
    response.set("Cache-Control", "no-cache").set("Vary", "Accept, Accept-Encoding");
    response.set("Content-Security-Policy", policy).set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "no-referrer");
    const net::FileVersion version{etag, 0, file.plain.size()};
    if (net::check_conditions(head, version) == net::ConditionVerdict::not_modified) {
        response.status = 304;
        return response;
    }
    if (packed) response.set("Content-Encoding", "gzip");
    response.body = packed ? file.packed : file.plain;
    return response;
}

// Answers without looking at a body.
class FileExchange : public net::HttpExchange {
  public:
    explicit FileExchange(net::HttpResponse response) : response_(std::move(response)) {}

    const std::optional<net::HttpResponse>& refusal() const override { return response_; }
    std::uint64_t body_limit() const override { return 0; }
    bool streams_body() const override { return false; }
    std::optional<net::HttpResponse> write(std::string_view) override { return response_; }
    net::HttpAnswer finish(std::string) override { return *response_; }
    net::HttpResponse reader_error(unsigned status, const std::string&) override {
        net::HttpResponse response;
        response.status = status;
        return response;
    }

  private:
    std::optional<net::HttpResponse> response_;
};

class PageService : public net::HttpService {
  public:
    explicit PageService(std::unique_ptr<net::HttpService> api) : api_(std::move(api)) {}

    std::unique_ptr<net::HttpExchange> begin(std::shared_ptr<const net::HttpHead> head,
                                             const net::HttpPeer& peer) override {
        if (const auto* file = asked_for(*head)) return std::make_unique<FileExchange>(response_of(*file, *head));
        return api_->begin(std::move(head), peer);
    }
    net::HttpResponse failure(const net::HttpHead& head, unsigned status, const std::string& message) override {
        return api_->failure(head, status, message);
    }
    net::HttpResponse reader_error(const net::HttpPeer& peer, unsigned status, const std::string& message) override {
        return api_->reader_error(peer, status, message);
    }
    std::uint64_t watch(std::function<void()> wake) override { return api_->watch(std::move(wake)); }
    void unwatch(std::uint64_t watch) override { api_->unwatch(watch); }

  private:
    std::unique_ptr<net::HttpService> api_;
};

}  // namespace

std::unique_ptr<net::HttpService> in_front_of(std::unique_ptr<net::HttpService> api) {
    return std::make_unique<PageService>(std::move(api));
}

}  // namespace page
