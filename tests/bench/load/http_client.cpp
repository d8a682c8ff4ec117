#include "tests/bench/load/http_client.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

namespace load {
namespace {

constexpr std::size_t read_size = 262'144;

std::uint64_t content_length(const std::string& head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    const auto found = std::search(head.begin(), head.end(), name.begin(), name.end(), [](char left, char right) {
        return (left >= 'A' && left <= 'Z' ? left + ('a' - 'A') : left) == right;
    });
    if (found == head.end()) return 0;
    return std::stoull(std::string(found + static_cast<std::ptrdiff_t>(name.size()), head.end()));
}

}  // namespace

HttpClient::HttpClient(Loop& loop, const Endpoint& endpoint, std::size_t index, Answered answered)
    : loop_(loop), endpoint_(endpoint), index_(index), answered_(std::move(answered)) {}

void HttpClient::open() {
    stream_.connect(endpoint_, index_);
    loop_.watch(stream_.fd(), *this, true);
}

void HttpClient::send(std::string request) {
    out_ = std::move(request);
    busy_ = true;
    if (connected_) flush();
}

void HttpClient::flush() {
    while (!out_.empty()) {
        const std::size_t taken = stream_.write(out_);
        if (taken == 0) break;
        out_.erase(0, taken);
    }
    if (watches_writing_ == !out_.empty()) return;
    watches_writing_ = !out_.empty();
    loop_.change(stream_.fd(), *this, watches_writing_);
}

void HttpClient::on_events() {
    if (!connected_) {
        connected_ = stream_.finish_connect();
        if (connected_) return flush();
        if (watches_writing_ == stream_.wants_write()) return;
        watches_writing_ = stream_.wants_write();
        return loop_.change(stream_.fd(), *this, watches_writing_);
    }
    flush();
    std::array<char, read_size> buffer;  // NOLINT: not cleared for every read
    while (const auto size = static_cast<std::size_t>(stream_.read(buffer)))
        take(std::string_view(buffer.data(), size));
}

// Returns what follows the head, once it is whole.
std::string_view HttpClient::take_head(std::string_view input) {
    const std::size_t before = head_.size();
    head_.append(input);
    const std::size_t end = head_.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    head_.resize(end + 4);
    if (head_.size() < 12 || head_[9] != '2') throw std::runtime_error("HTTP: " + head_.substr(0, head_.find('\r')));
    body_ = content_length(head_);
    missing_ = body_;
    return input.substr(end + 4 - before);
}

void HttpClient::take(std::string_view input) {
    if (missing_ == 0) {
        input = take_head(input);
        if (!head_.ends_with("\r\n\r\n")) return;
    }
    missing_ -= std::min<std::uint64_t>(missing_, input.size());
    if (missing_ > 0) return;
    head_.clear();
    busy_ = false;
    answered_(*this, body_);
}

}  // namespace load
