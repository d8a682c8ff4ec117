#pragma once
// What speaks on a connection once its bytes flow: MQTT or HTTP. A handler never touches the socket.

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

    // Bytes as they came, in any chunks. Everything is taken; what cannot be handled yet, the handler keeps (bounded).
    virtual void on_bytes(std::string_view bytes) = 0;
    // The connection is gone or going; called once, whoever closed.
    virtual void on_closed(device::CloseReason reason) = 0;
    // All that was sent has left: time for the next piece of a long body.
    virtual void on_drained() {}
    // False: read nothing for now. Asked before each read and again after output has left.
    virtual bool wants_bytes() const { return true; }
    // Reading goes on after a pause that was ours, not the peer's.
    virtual void on_resumed() {}
    // At the time of Connection::wake_at().
    virtual void on_wake() {}
    // Faults have come or gone.
    virtual void taps_changed() {}
    // When the connection is to be closed if nothing happens until then, and why.
    virtual std::optional<TimePoint> deadline() const { return std::nullopt; }
    virtual device::CloseReason deadline_reason() const { return device::CloseReason::keep_alive; }
    // At the deadline. True: it was no reason to close, ask for the next one.
    virtual bool on_deadline() { return false; }
    // A commit failed, and what it gated is thrown away; also asked after on_closed(). Nothing: drop the connection.
    // Else what is to be sent in place of what was lost, and nothing more behind it; empty where nothing was lost.
    virtual std::optional<std::string> after_failed_commit([[maybe_unused]] bool output_lost) { return std::nullopt; }
    // The peer has said that it goes, and expects nothing more: where it has gone, it need not be told the end in TLS.
    virtual bool peer_took_leave() const { return false; }
    // MQTT whose CONNECT has not come.
    virtual bool awaits_connect() const { return false; }
    virtual std::string_view name() const = 0;  // "mqtt", "http"
    // Memory that it holds for what has come only in part.
    virtual std::size_t held_bytes() const { return 0; }
};

using HandlerFactory = std::function<std::unique_ptr<ProtocolHandler>(Connection&)>;

}  // namespace net
