#pragma once
// The answer to a download while it arrives: its head, and the number of body bytes. The bytes are not kept: a
// simulated device has no use for them. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace simulator {

class HttpAnswer {
  public:
    void take(std::string_view bytes);

    unsigned status() const { return status_; }  // 0: not yet known
    std::uint64_t body() const { return body_; }
    // The whole body has come.
    bool whole() const { return status_ != 0 && length_ && body_ >= *length_; }
    // Not an HTTP/1.1 answer, or one without a length: the download fails.
    bool broken() const { return broken_; }

  private:
    void read_head();

    std::string head_;
    std::optional<std::uint64_t> length_;
    std::uint64_t body_ = 0;
    unsigned status_ = 0;
    bool broken_ = false;
};

// Parses "https://host:port/path?query"; nullopt: not such a URL.
struct Url {
    bool tls = true;
    std::string host, target;
    std::uint16_t port = 0;
};
std::optional<Url> parse_url(std::string_view text);

// A request for the item from `offset` on.
std::string download_request(const Url& url, std::uint64_t offset);

}  // namespace simulator
