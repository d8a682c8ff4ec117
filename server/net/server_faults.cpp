// Faults that act on ports: `refuse` and `outage`; and what all connections are told.

#include "server/net/server.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace net {
namespace {

constexpr std::chrono::milliseconds slice_time{1};

bool is_of_devices(PortKind kind) {
    return kind == PortKind::mqtts || kind == PortKind::mqtt;
}

}  // namespace

// True: the connection was reset.
bool Server::refused_by_fault(PortKind kind, const Accepted& peer) {
    auto* const registry = options_.faults;
    if (registry == nullptr || registry->empty() || !is_of_devices(kind)) return false;
    const auto id = parts_.random.connection_id();
    const faults::Client client{.ip = peer.ip, .connection = id};
    const auto& all = registry->all();
    for (const auto& armed : all) {
        if (armed->fault.kind != faults::Kind::refuse || !armed->active() || !armed->fault.scope.strikes(client))
            continue;
        const auto hit = registry->strike(armed, client, parts_.clock.now().steady);
        registry->forget(id);
        if (!hit) continue;
        peer.socket.reset_at_close();
        const auto tell = [&](const verdict::Seen& seen) {
            if (verdict::looks(options_.observer))
                options_.observer->saw({.connection = id, .ip = peer.ip, .seen = seen});
        };
        tell(verdict::Accepted{peer.local_ip});
        registry->report(*armed, *hit, client, "The connection was reset right after accept");
        tell(verdict::Closed{verdict::Closer::fault});
        return true;
    }
    return false;
}

// Device ports stop to listen while any outage lasts, and open connections of devices are reset.
void Server::keep_outage() {
    const auto& all = options_.faults->all();
    const auto found = std::find_if(all.begin(), all.end(), [](const auto& armed) {
        return armed->fault.kind == faults::Kind::outage && armed->active();
    });
    const bool lasts = found != all.end();
    if (std::exchange(outage_, lasts) == lasts) return;
    for (const auto& port : ports_) {
        if (is_of_devices(port->kind)) lasts ? port->listener->stop_listening() : port->listener->listen_again();
    }
    if (!lasts) return;
    std::size_t count = 0;
    const auto open = connections_;
    for (const auto& [number, connection] : open) {
        if (!is_of_devices(connection->kind())) continue;
        connection->reset_by_fault();
        ++count;
    }
    const faults::Client nobody;
    if (const auto hit = options_.faults->strike(*found, nobody, parts_.clock.now().steady)) {
        options_.faults->report(**found, *hit, nobody,
                                "Device ports stopped listening, " + std::to_string(count) + " connections were reset");
    }
}

void Server::faults_changed(Telling how) {
    if (options_.faults == nullptr) return;
    keep_outage();
    untold_.clear();
    for (const auto& [number, connection] : connections_) untold_.push_back(connection);
    tell_of_faults(how);
}

void Server::tell_of_faults(Telling how) {
    const auto until = std::chrono::steady_clock::now() + slice_time;
    while (!untold_.empty()) {
        const auto connection = untold_.back().lock();
        untold_.pop_back();
        if (connection == nullptr) continue;
        connection->faults_changed();
        connection->taps_changed();
        if (how == Telling::in_slices && std::chrono::steady_clock::now() >= until) break;
    }
    if (!untold_.empty()) {
        if (std::exchange(telling_, true)) return;
        return slices_.add([this] {
            telling_ = false;
            if (!untold_.empty()) tell_of_faults(Telling::in_slices);
        });
    }
    if (options_.faults_told) options_.faults_told();
}

// In the middle of its CONNECT, or while it is told of changed faults.
void Server::connected(std::string_view connection_id, FaultPlan::Who who) {
    auto* const connection = services_.current;
    if (connection != nullptr && connection->facts().connection_id == connection_id)
        connection->client_known(std::move(who));
}

}  // namespace net
