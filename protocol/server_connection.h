#pragma once
// One client's side of the protocol as a value machine: bytes and a time in, actions out. No socket, no clock, no
// callback; one thread. Bad input of any kind ends in one Violation.
//
//     std::string_view input = received;
//     for (;;) { Action action = connection.next(input, now); if it is NeedMore, stop; else do it }
//
// Bytes that NeedMore leaves in `input` (only while authenticating) must be passed again after the answer.

#include "protocol/actions.h"
#include "protocol/keep_alive.h"
#include "protocol/legal_packets.h"
#include "protocol/limits.h"
#include "protocol/packet_splitter.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace protocol {

class ServerConnection {
  public:
    explicit ServerConnection(PacketLimits limits = {}) noexcept
        : limits_(limits), splitter_(connect_max_packet_bytes) {}

    // The next thing to do. Packets after a CONNECT wait for its answer, in order. In the state closing (after a
    // refusal, a violation, DISCONNECT or close()) the input is discarded: nothing is processed [MQTT-3.1.4-5].
    Action next(std::string_view& input, TimePoint now);

    // Answers to a ConnectRequest; no effect in other states. Keep Alive counts from the CONNECT; anonymous clients get
    // the smaller packet limit.
    void accepted(std::uint16_t keep_alive_s, bool anonymous) noexcept;
    void refused() noexcept;

    // The caller ignores the packet of the last action (not a Violation) as if it had not come: no Keep Alive credit.
    // After a CONNECT nothing more is processed; after a DISCONNECT the connection continues.
    void ignore_last() noexcept;

    // The caller closes for its own reasons: nothing more is processed.
    void close() noexcept;

    ConnectionState state() const noexcept { return state_; }
    // [MQTT-3.1.2-24]; counts complete packets only, and not while the caller itself stops reading.
    const KeepAlive& keep_alive() const noexcept { return keep_alive_; }
    // The caller read nothing for a while and resumes: that silence was not the client's.
    void reading_resumed(TimePoint now) noexcept { keep_alive_.touch(now); }
    // The packet of the last action, whole as received; after a Violation as far as received. Valid like the action's
    // views. For packet traces.
    std::string_view last_packet() const noexcept { return last_packet_; }
    // The bytes of an incomplete packet.
    std::string_view pending() const noexcept { return splitter_.pending(); }
    // Memory held for an incomplete packet.
    std::size_t reserved_bytes() const noexcept { return splitter_.reserved_bytes(); }

  private:
    Action handle(const Frame& frame, TimePoint now);
    Action on_connect(const Frame& frame);
    Action on_publish(const Frame& frame);
    Action on_subscribe(const Frame& frame);
    Action on_unsubscribe(const Frame& frame);
    Action on_puback(const Frame& frame);
    Action on_pingreq(const Frame& frame);
    Action on_disconnect(const Frame& frame);
    Action illegal(const DecodeError& error, std::string_view& input);
    std::string_view seen_of_packet(std::string_view input) const noexcept;
    Violation violation(const DecodeError& error, std::string_view packet);

    PacketLimits limits_;
    ConnectionState state_ = ConnectionState::awaiting_connect;
    PacketSplitter splitter_;
    KeepAlive keep_alive_;
    TimePoint last_packet_at_{};
    std::string_view last_packet_;
};

}  // namespace protocol
