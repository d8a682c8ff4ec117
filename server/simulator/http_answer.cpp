#include "server/simulator/http_answer.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace simulator {
namespace {

constexpr std::size_t longest_head = 16'384;
constexpr std::string_view head_end = "\r\n\r\n";

template <typename Number>
bool read_number(std::string_view text, Number& number) {
    return std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc{};
}

// The value of a header, found in any case; empty: not there.
std::string_view header(std::string_view head, std::string_view name) {
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(),
                                   [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    if (found == head.end()) return {};
    auto value = head.substr(static_cast<std::size_t>(found - head.begin()) + name.size());
    value = value.substr(0, value.find('\r'));
    const auto begin = value.find_first_not_of(' ');
    return begin == std::string_view::npos ? std::string_view() : value.substr(begin);
}

}  // namespace

void HttpAnswer::take(std::string_view bytes) {
    if (broken_) return;
    if (status_ != 0) {
        body_ += bytes.size();
        return;
    }
    head_.append(bytes);
    const auto end = head_.find(head_end);
    if (end == std::string::npos) {
        broken_ = head_.size() > longest_head;
        return;
    }
    body_ = head_.size() - end - head_end.size();
    head_.resize(end);
    read_head();
}

void HttpAnswer::read_head() {
    constexpr std::string_view version = "HTTP/1.1 ";
    std::uint64_t length = 0;
    unsigned status = 0;
    broken_ = !head_.starts_with(version) || !read_number(std::string_view(head_).substr(version.size()), status) ||
              !read_number(header(head_, "\r\ncontent-length:"), length);
    if (broken_) return;
    status_ = status;
    length_ = length;
    head_.clear();
}

std::optional<Url> parse_url(std::string_view text) {
    Url url;
    const auto scheme = text.substr(0, text.find("://"));
    if (scheme != "https" && scheme != "http") return std::nullopt;
    url.tls = scheme == "https";
    url.port = url.tls ? 443 : 80;
    text.remove_prefix(scheme.size() + 3);
    const auto end = text.find('/');
    auto authority = text.substr(0, end);
    url.target = end == std::string_view::npos ? "/" : std::string(text.substr(end));
    const auto colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
    if (has_port && !read_number(authority.substr(colon + 1), url.port)) return std::nullopt;
    url.host = authority.substr(0, has_port ? colon : authority.size());
    if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
    if (url.host.empty()) return std::nullopt;
    return url;
}

std::string download_request(const Url& url, std::uint64_t offset) {
    const auto port = ":" + std::to_string(url.port);
    std::string text = "GET " + url.target + " HTTP/1.1\r\nHost: " + url.host + port + "\r\nConnection: close\r\n";
    if (offset > 0) text += "Range: bytes=" + std::to_string(offset) + "-\r\n";
    return text + "\r\n";
}

}  // namespace simulator
