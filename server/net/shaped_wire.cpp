#include "server/net/shaped_wire.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>

namespace net {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t read_bytes = 16 * 1024;
constexpr auto window = 100ms;  // over which a rate is an average
constexpr auto step = 10ms;     // how often a rate lets bytes through

bool would_block(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

faults::Milliseconds WayShape::Delay::draw() {
    return std::max(faults::Milliseconds(0), delay + generator.jitter(jitter));
}

// --- one way ---

void Way::shape(WayShape shape, TimePoint now) {
    shape_ = std::move(shape);
    free_at_ = now;
    if (!shape_.delays.empty()) return;
    for (auto& chunk : chunks_) chunk.due = std::min(chunk.due, now);
}

void Way::add(std::string_view bytes, TimePoint now) {
    auto due = now;
    for (auto& delay : shape_.delays) due += delay.draw();
    if (!chunks_.empty()) due = std::max(due, chunks_.back().due);  // in order, whatever the jitter says
    chunks_.push_back({due, std::string(bytes)});
    size_ += bytes.size();
}

std::size_t Way::allowance(TimePoint now) const {
    const std::size_t most = shape_.slice != 0 ? shape_.slice : static_cast<std::size_t>(-1);
    if (now < free_at_) return 0;
    if (shape_.bytes_per_s == 0) return most;
    const auto since = std::chrono::duration<double>(now - std::max(free_at_, now - window)).count();
    const auto earned = static_cast<std::size_t>(since * static_cast<double>(shape_.bytes_per_s));
    return std::clamp<std::size_t>(earned, 1, most);
}

std::string_view Way::ready(TimePoint now) const {
    if (chunks_.empty() || chunks_.front().due > now) return {};
    return std::string_view(chunks_.front().bytes).substr(head_, allowance(now));
}

void Way::passed(std::size_t bytes, TimePoint now) {
    head_ += bytes;
    size_ -= bytes;
    if (head_ == chunks_.front().bytes.size()) {
        chunks_.pop_front();
        head_ = 0;
    }
    if (shape_.bytes_per_s != 0) {
        const auto time =
            std::chrono::duration<double>(static_cast<double>(bytes) / static_cast<double>(shape_.bytes_per_s));
        free_at_ = std::max(free_at_, now - window) + std::chrono::duration_cast<TimePoint::duration>(time);
    }
    if (shape_.slice != 0) free_at_ = std::max(free_at_, now + shape_.pause);
}

std::optional<Way::TimePoint> Way::next() const {
    if (chunks_.empty()) return std::nullopt;
    // Not for each byte of a high rate.
    const auto free = shape_.bytes_per_s >= 100 ? free_at_ + step : free_at_;
    return std::max(chunks_.front().due, free);
}

// --- both ---

void ShapedWire::shape(WireShape shape) {
    const auto now = now_();
    in_.shape(std::move(shape.in), now);
    out_.shape(std::move(shape.out), now);
}

void ShapedWire::pull() {
    std::array<char, read_bytes> piece;
    while (!ended_ && error_ == 0 && !full()) {
        const auto got = ::recv(fd_, piece.data(), piece.size(), 0);
        if (got > 0) {
            in_.add({piece.data(), static_cast<std::size_t>(got)}, now_());
        } else if (got == 0) {
            ended_ = true;
        } else {
            if (!would_block(errno)) error_ = errno;
            return;
        }
    }
}

ssize_t ShapedWire::recv(char* into, std::size_t size) {
    pull();
    const auto now = now_();
    const auto bytes = in_.ready(now).substr(0, size);
    if (!bytes.empty()) {
        std::memcpy(into, bytes.data(), bytes.size());
        const auto count = bytes.size();
        in_.passed(count, now);
        return static_cast<ssize_t>(count);
    }
    if (in_.empty() && ended_) return 0;
    errno = in_.empty() && error_ != 0 ? error_ : EAGAIN;
    return -1;
}

bool ShapedWire::readable() const {
    return !in_.ready(now_()).empty() || (in_.empty() && (ended_ || error_ != 0));
}

ssize_t ShapedWire::send(const char* bytes, std::size_t size) {
    if (error_ != 0) {
        errno = error_;
        return -1;
    }
    const auto room = most_held - std::min(most_held, out_.size());
    if (room == 0) {
        errno = EAGAIN;
        return -1;
    }
    const auto taken = std::min(room, size);
    out_.add({bytes, taken}, now_());
    static_cast<void>(pump());
    return static_cast<ssize_t>(taken);
}

bool ShapedWire::pump() {
    blocked_ = false;
    while (error_ == 0) {
        const auto now = now_();
        const auto bytes = out_.ready(now);
        if (bytes.empty()) break;
        const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            out_.passed(static_cast<std::size_t>(sent), now);
            continue;
        }
        blocked_ = would_block(errno);
        if (!blocked_) error_ = errno;
        break;
    }
    if (finishing_ && out_.empty()) ::shutdown(fd_, SHUT_WR);
    return error_ == 0;
}

void ShapedWire::finish() {
    finishing_ = true;
    static_cast<void>(pump());
}

std::optional<ShapedWire::TimePoint> ShapedWire::next(bool reads) const {
    auto next = reads ? in_.next() : std::nullopt;
    if (reads && in_.empty() && (ended_ || error_ != 0)) next = TimePoint::min();
    const auto out = blocked_ ? std::nullopt : out_.next();
    if (!next || (out && *out < *next)) next = out ? out : next;
    return next;
}

}  // namespace net
