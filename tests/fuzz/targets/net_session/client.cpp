#include "tests/fuzz/targets/net_session/client.h"

#include "tests/fuzz/targets/net_session/world.h"
#include "tests/fuzz/targets/require.h"

#include <utility>

namespace fuzz::session {

using device::CloseReason;

Client::Client(World& world, device::PeerFacts facts)
    : world_(world),
      facts_(std::move(facts)),
      opened_(world.steady_now()),
      taps_(world, *this),
      services_(world.sessions()),
      session_(*this, facts_, (services_.taps = &taps_, services_)) {}

Client::TimePoint Client::now() const {
    return world_.steady_now();
}

void Client::feed(std::string_view bytes) {
    if (!abandoned_) session_.on_bytes(bytes);
}

void Client::send(std::string_view head, std::string_view body, device::Gate gate) {
    // What a fault held is sent yet when the device is told why it ends.
    require(!closed_ && !abandoned_ && (struck || link().state != device::Link::State::ended));
    const auto sent = std::string(head).append(body);
    spoilt ? static_cast<void>(bytes_given_ += sent.size()) : note_sent(sent);
    outbox_.append(sent, gate);
}

void Client::note_sent(const std::string& bytes) {
    for (auto& packet : read_packets(bytes)) {
        const bool greets = packet.type == protocol::PacketType::connack;
        require(std::exchange(greeted_, true) == !greets || struck);  // [MQTT-3.2.0-1]
        if (packet.type == protocol::PacketType::puback)
            pubacks_.push_back({bytes_given_, world_.open_sequence(), packet.packet_id});
        bytes_given_ += packet.bytes;
        if (!struck) news.push_back(std::move(packet));
    }
}

void Client::note_meant(std::string_view bytes) {
    for (auto& packet : read_packets(bytes)) {
        if (packet.type == protocol::PacketType::puback)
            meant_.push_back({0, world_.open_sequence(), packet.packet_id});
        news.push_back(std::move(packet));
    }
}

// A fault holds PUBACKs back, copies and reorders them: one that leaves answers something that is committed. [R25a]
bool Client::may_leave(const Gate& puback) const {
    if (!struck) return world_.is_committed(puback.sequence);
    return world_.is_committed(puback.sequence) || std::any_of(meant_.begin(), meant_.end(), [&](const Gate& meant) {
               return meant.packet_id == puback.packet_id && world_.is_committed(meant.sequence);
           });
}

void Client::flush() {
    if (!reading_ || abandoned_) return;
    const auto bytes = outbox_.sendable(world_.commits().committed()).size();
    outbox_.sent(bytes);
    bytes_left_ += bytes;
    while (!pubacks_.empty() && pubacks_.front().bytes_before < bytes_left_) {
        require(may_leave(pubacks_.front()));  // [R25a]
        pubacks_.pop_front();
    }
}

void Client::close(CloseReason reason) {
    require(!closed_);
    closed_ = true;
    session_.on_closed(reason);  // as net does it
}

// As net does it: where a refused CONNECT has closed it already, this says only how it ends.
void Client::end(mqtt::Ending ending) {
    if (closed_ || ending == mqtt::Ending::half) return;
    closed_ = true;
    session_.on_closed(CloseReason::fault);
}

void Client::wake() {
    if (closed_ || abandoned_ || !wake_at_ || *wake_at_ > now()) return;
    wake_at_.reset();
    session_.on_wake();
    flush();
}

void Client::lose(CloseReason reason) {
    outbox_.discard();
    pubacks_.clear();
    if (closed_ || abandoned_) return;
    closed_ = true;
    session_.on_closed(reason);
}

// As net does it: what does not wait for what has failed may leave yet.
void Client::commit_failed() {
    const auto& commits = world_.commits();
    outbox_.discard_gated(commits.committed_before_failure(), commits.committed());
    flush();
    ending_noted = true;  // nothing of its end is kept
    lose(CloseReason::commit_failed);
}

void Client::check_keep_alive() {
    const auto deadline = session_.deadline();
    if (!closed_ && deadline && *deadline <= world_.steady_now()) lose(session_.deadline_reason());
}

}  // namespace fuzz::session
