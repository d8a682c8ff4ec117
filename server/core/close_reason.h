#pragma once
// Why a connection ended: one table for the log line, the journal's disconnect event and the counters.

#include <cstdint>
#include <string_view>

namespace device {

enum class CloseReason : std::uint8_t {
    device_disconnect,
    device_closed,
    network_error,
    keep_alive,
    violation,
    refused,
    taken_over,
    locked,
    revoked,
    deleted,
    reset,
    snapshot,
    connect_timeout,
    shutdown,
    commit_failed,
    control,
    server_error,
    rule,
    buffer_limit,
    connection_limit,
    tls_failure,
    idle,
    fault
};

struct CloseText {
    std::string_view closed_by;  // "device", "server", "network", "control", "fault"
    std::string_view reason;     // for people
};

constexpr CloseText describe(CloseReason reason) {
    switch (reason) {
        case CloseReason::device_disconnect:
            return {"device", "DISCONNECT received"};
        case CloseReason::device_closed:
            return {"device", "connection closed without DISCONNECT"};
        case CloseReason::network_error:
            return {"network", "network error"};
        case CloseReason::keep_alive:
            return {"server", "no packet within 1.5 times the Keep Alive"};
        case CloseReason::violation:
            return {"server", "protocol violation"};
        case CloseReason::refused:
            return {"server", "CONNECT refused"};
        case CloseReason::taken_over:
            return {"server", "the same device connected again with the same ClientID"};
        case CloseReason::locked:
            return {"control", "identity locked"};
        case CloseReason::revoked:
            return {"control", "credential revoked"};
        case CloseReason::deleted:
            return {"control", "identity or connector deleted"};
        case CloseReason::reset:
            return {"control", "reset"};
        case CloseReason::snapshot:
            return {"control", "a snapshot was loaded"};
        case CloseReason::connect_timeout:
            return {"server", "no CONNECT within limits.connect_timeout_ms"};
        case CloseReason::shutdown:
            return {"server", "server stopping"};
        case CloseReason::commit_failed:
            return {"server", "the store could not commit; nothing was acknowledged"};
        case CloseReason::control:
            return {"control", "closed through the control API"};
        case CloseReason::server_error:
            return {"server", "the server could not continue with this connection; its log says why"};
        case CloseReason::rule:
            return {"server", "a quirk of the connector closes the connection here"};
        case CloseReason::buffer_limit:
            return {"server", "limits.max_buffered_bytes reached, and this connection held most"};
        case CloseReason::connection_limit:
            return {"server", "limits.max_connections: not logged in, it made room for another"};
        case CloseReason::idle:
            return {"server", "idle for too long"};
        case CloseReason::fault:
            return {"fault", "a fault closed the connection"};
        case CloseReason::tls_failure:
            return {"network", "TLS failure"};
    }
    return {"server", "unknown"};
}

}  // namespace device
