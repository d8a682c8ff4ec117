#include "server/verdict/attempts.h"

#include <algorithm>
#include <chrono>

namespace verdict {

namespace {

using std::chrono::milliseconds;
constexpr Moment second_try_within = milliseconds(1'000);
constexpr Moment other_address_within = milliseconds(300);

template <typename T>
const T* as(const Observation& observation) {
    return std::get_if<T>(&observation.seen);
}

void raise(Attempt& attempt, Reach reach) {
    attempt.reach = std::max(attempt.reach, reach);
}

}  // namespace

void Attempts::on(const Observation& observation) {
    if (const auto* accepted = as<Accepted>(observation)) return begin(observation, *accepted);
    Open* open = find(observation.connection);
    // It was accepted before the run began, and goes on in it.
    if (!open && (as<ConnectCame>(observation) || as<ConnackLeft>(observation))) {
        begin(observation, Accepted{});
        open = find(observation.connection);
    }
    if (!open) return;
    if (as<Closed>(observation)) return close(observation.connection, observation.at);
    note(*open, observation);
}

void Attempts::clear() {
    attempts_.clear();
    open_.clear();
    last_address_.clear();
}

std::vector<Moment> Attempts::pauses() const {
    std::vector<Moment> result;
    for (std::size_t i = 1; i < attempts_.size(); ++i) {
        const Attempt& before = attempts_[i - 1];
        if (before.ended) result.push_back(std::max(Moment{0}, attempts_[i].began - *before.ended));
    }
    return result;
}

bool Attempts::connected() const {
    return std::ranges::any_of(open_, [](const Open& open) { return open.accepted; });
}

Attempts::Open* Attempts::find(std::uint64_t connection) {
    const auto found = std::ranges::find(open_, connection, &Open::connection);
    return found == open_.end() ? nullptr : &*found;
}

void Attempts::begin(const Observation& observation, const Accepted& accepted) {
    const bool elsewhere = !attempts_.empty() && accepted.local_address != last_address_ &&
                           observation.at - attempts_.back().began <= other_address_within;
    last_address_ = accepted.local_address;
    if (elsewhere) {
        attempts_.back().ended.reset();
    } else {
        if (attempts_.size() >= most_) {
            attempts_.erase(attempts_.begin());
            std::erase_if(open_, [](const Open& open) { return open.attempt == 0; });
            for (Open& open : open_) --open.attempt;
        }
        attempts_.push_back({.began = observation.at});
    }
    open_.push_back({.connection = observation.connection, .attempt = attempts_.size() - 1});
}

void Attempts::close(std::uint64_t connection, Moment at) {
    const std::size_t attempt = find(connection)->attempt;
    std::erase_if(open_, [&](const Open& open) { return open.connection == connection; });
    const bool still_open = std::ranges::any_of(open_, [&](const Open& open) { return open.attempt == attempt; });
    if (!still_open) attempts_[attempt].ended = at;
}

// The attempt that this connection began, at this time, is part of the one before it, whose connection may still be open.
void Attempts::merge_second_try(Open& open, Moment at) {
    if (open.attempt == 0 || open.attempt + 1 != attempts_.size()) return;
    Attempt& before = attempts_[open.attempt - 1];
    if (before.reach != Reach::refused || at - before.ended.value_or(at) > second_try_within) return;
    attempts_.pop_back();
    --open.attempt;
    before.ended.reset();
}

void Attempts::note(Open& open, const Observation& observation) {
    if (const auto* connect = as<ConnectCame>(observation)) {
        // Not the time of the CONNECT: Paho C's handshake takes a second.
        if (connect->packet.second_try()) merge_second_try(open, attempts_[open.attempt].began);
        Attempt& attempt = attempts_[open.attempt];
        ++attempt.connects;
        attempt.sent_credential |= connect->with_credential;
        return raise(attempt, Reach::connect);
    }
    Attempt& attempt = attempts_[open.attempt];
    if (as<ClientHello>(observation)) raise(attempt, Reach::hello);
    if (as<HandshakeDone>(observation)) raise(attempt, Reach::handshake);
    if (const auto* failure = as<HandshakeFailed>(observation)) attempt.hello_failure = failure->why;
    if (const auto* connack = as<ConnackLeft>(observation)) {
        attempt.connack = connack->code;
        open.accepted |= connack->code == 0 && !connack->anonymous;
        open.refused |= connack->code != 0;
        raise(attempt, connack->code == 0 ? Reach::connected : Reach::refused);
    }
    const auto* packet = as<PacketCame>(observation);
    const bool other = as<PublishCame>(observation) || as<SubscribeCame>(observation) ||
                       as<UnsubscribeCame>(observation) || (packet && packet->type != protocol::PacketType::disconnect);
    if (open.refused && other) ++attempt.other_packets_after_refusal;
}

}  // namespace verdict
