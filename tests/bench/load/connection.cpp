#include "tests/bench/load/connection.h"

#include <array>
#include <stdexcept>
#include <utility>

namespace load {
namespace {

constexpr std::uint32_t largest_packet = 1U << 24U;
constexpr std::size_t read_size = 65'536;
constexpr unsigned connack_type = 2;

}  // namespace

Connection::Connection(Loop& loop, const Endpoint& endpoint, Handler& handler, std::size_t index, Credentials who)
    : loop_(loop),
      endpoint_(endpoint),
      handler_(handler),
      index_(index),
      who_(std::move(who)),
      splitter_(largest_packet) {}

void Connection::open() {
    opened_ns_ = now_ns();
    ++generation_;
    out_.clear();
    splitter_.release();
    append_connect(out_, who_);
    stream_.connect(endpoint_, index_);
    state_ = State::connecting;
    watches_writing_ = true;
    loop_.watch(stream_.fd(), *this, true);
}

void Connection::close() {
    stream_.close();
    state_ = State::closed;
}

void Connection::watch_writing(bool wanted) {
    if (wanted == watches_writing_) return;
    watches_writing_ = wanted;
    loop_.change(stream_.fd(), *this, wanted);
}

void Connection::flush() {
    if (state_ != State::open) return;
    std::size_t sent = 0;
    while (sent < out_.size()) {
        const std::size_t taken = stream_.write(std::string_view(out_).substr(sent));
        if (taken == 0) break;
        sent += taken;
    }
    out_.erase(0, sent);
    watch_writing(never_idle_ || !out_.empty());
}

void Connection::on_events() {
    if (state_ == State::closed) return;
    if (state_ == State::connecting) {
        if (!stream_.finish_connect()) return watch_writing(stream_.wants_write());
        state_ = State::open;
        return flush();
    }
    const std::uint32_t generation = generation_;
    read_all();
    if (state_ != State::open || generation != generation_) return;
    if (watches_writing_) flush();
    handler_.on_turn(*this);
}

void Connection::read_all() {
    std::array<char, read_size> buffer;  // NOLINT: not cleared for every read
    const std::uint32_t generation = generation_;
    while (state_ == State::open && generation == generation_) {
        const auto size = static_cast<std::size_t>(stream_.read(buffer));
        if (size == 0) return;
        take(std::string_view(buffer.data(), size));
        // A plain socket that gave less than asked is empty; a TLS record says nothing about the next.
        if (!endpoint_.tls && size < buffer.size()) return;
    }
}

void Connection::take(std::string_view input) {
    const std::uint32_t generation = generation_;
    while (state_ == State::open && generation == generation_) {
        const protocol::SplitResult result = splitter_.next(input);
        if (std::holds_alternative<protocol::NeedMore>(result)) return;
        const auto* frame = std::get_if<protocol::Frame>(&result);
        if (frame == nullptr) throw std::runtime_error("the server sent what is no MQTT packet");
        if (frame->first_byte >> 4U != connack_type) {
            handler_.on_packet(*this, *frame);
            continue;
        }
        if (frame->body.size() != 2 || frame->body[1] != 0)
            throw std::runtime_error("CONNECT of " + who_.client_id + " was refused");
        handler_.on_connack(*this);
    }
}

}  // namespace load
