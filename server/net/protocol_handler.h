#pragma once
// The protocol on a connection once bytes flow: MQTT or HTTP. A handler never touches the socket.

#include "server/core/close_reason.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace net {

class Connection;

// Loop thread only. Owned by its connection, which outlives it.
class ProtocolHandler {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    virtual ~ProtocolHandler() = default;

    // Bytes as received, in chunks of any size. Takes all; keeps what it cannot handle yet (bounded).
    virtual void on_bytes(std::string_view bytes) = 0;
    // The connection is closed or closing. Called once, whichever side closed.
    virtual void on_closed(device::CloseReason reason) = 0;
    // All output has left: time for the next piece of a long body.
    virtual void on_drained() {}
    // False: read nothing for now. Called before each read and again after output has left.
    virtual bool wants_bytes() const { return true; }
    // Reading resumes after a pause for our own reasons.
    virtual void on_resumed() {}
    // At the time given to Connection::wake_at().
    virtual void on_wake() {}
    // Faults were added or removed.
    virtual void taps_changed() {}
    // When to close the connection if nothing happens before, and why.
    virtual std::optional<TimePoint> deadline() const { return std::nullopt; }
    virtual device::CloseReason deadline_reason() const { return device::CloseReason::keep_alive; }
    // At the deadline. True: do not close; call deadline() again.
    virtual bool on_deadline() { return false; }
    // A commit failed, and the output it gated is discarded; also called after on_closed(). nullopt: drop the
    // connection. Else: the last output, sent in place of what was lost; empty if nothing was lost.
    virtual std::optional<std::string> after_failed_commit([[maybe_unused]] bool output_lost) { return std::nullopt; }
    // The peer has announced its end and expects nothing more: if it is gone, no TLS close_notify is needed.
    virtual bool peer_took_leave() const { return false; }
    // MQTT before its CONNECT.
    virtual bool awaits_connect() const { return false; }
    virtual std::string_view name() const = 0;  // "mqtt", "http"
    // Bytes held for incomplete input.
    virtual std::size_t held_bytes() const { return 0; }
};

using HandlerFactory = std::function<std::unique_ptr<ProtocolHandler>(Connection&)>;

}  // namespace net
