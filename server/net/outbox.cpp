#include "server/net/outbox.h"

#include <algorithm>

namespace net {
namespace {

constexpr std::size_t keep_capacity = 256;  // an idle connection holds no more than this

}  // namespace

void Outbox::append(std::string_view bytes, std::uint64_t gate) {
    bytes_.append(bytes);
    if (first_mark_ < marks_.size() && marks_.back().gate >= gate) {
        marks_.back().bytes += bytes.size();
    } else {
        marks_.push_back({gate, bytes.size()});
    }
}

std::string_view Outbox::sendable(std::uint64_t committed) {
    while (first_mark_ < marks_.size() && marks_[first_mark_].gate <= committed) {
        released_ += marks_[first_mark_++].bytes;
    }
    if (first_mark_ == marks_.size()) {
        marks_.clear();
        first_mark_ = 0;
    }
    return std::string_view(bytes_).substr(head_, released_);
}

void Outbox::sent(std::size_t bytes) {
    head_ += bytes;
    released_ -= bytes;
    if (head_ == bytes_.size()) {
        bytes_.clear();
        head_ = 0;
        if (bytes_.capacity() > keep_capacity) std::string().swap(bytes_);
    } else if (head_ > bytes_.size() / 2 && head_ > 65'536) {
        bytes_.erase(0, head_);
        head_ = 0;
    }
}

void Outbox::discard() {
    std::string().swap(bytes_);
    marks_.clear();
    head_ = released_ = first_mark_ = 0;
}

bool Outbox::discard_gated(std::uint64_t committed, std::uint64_t failed) {
    sendable(committed);
    if (first_mark_ == marks_.size() || marks_[first_mark_].gate > failed) return false;
    bytes_.resize(head_ + released_);
    marks_.clear();
    first_mark_ = 0;
    return true;
}

}  // namespace net
