#pragma once
// The first byte selects the answers to CONNECT, the second the chunk size; the rest is the stream. Nothing follows a
// violation, actions do not depend on the chunks, and all their views are readable.

#include "protocol/server_connection.h"
#include "tests/fuzz/targets/require.h"

#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

inline std::size_t sum(std::string_view text) {
    std::size_t total = text.size();
    for (const char c : text) total += static_cast<unsigned char>(c);
    return total;
}

struct Fingerprint {
    std::size_t operator()(const protocol::ConnectRequest& r) const {
        const auto& c = r.connect;
        const std::size_t will = c.will ? sum(c.will->topic) + sum(c.will->payload) : 0;
        return sum(c.client_id) + will + sum(c.username.value_or("")) + sum(c.password.value_or(""));
    }
    std::size_t operator()(const protocol::PublishRequest& r) const {
        return r.publish.packet_id + r.publish.qos + sum(r.publish.topic) + sum(r.publish.payload);
    }
    std::size_t operator()(const protocol::SubscribeRequest& r) const {
        std::size_t total = r.subscribe.packet_id;
        for (const auto& wanted : r.subscribe.filters) total += sum(wanted.filter) + wanted.qos;
        return total;
    }
    std::size_t operator()(const protocol::UnsubscribeRequest& r) const {
        std::size_t total = r.unsubscribe.packet_id;
        for (const auto filter : r.unsubscribe.filters) total += sum(filter);
        return total;
    }
    std::size_t operator()(const protocol::Violation& r) const { return sum(r.code) + sum(r.message); }
    std::size_t operator()(const protocol::IgnoredPuback& r) const { return r.packet_id; }
    template <class Other>
    std::size_t operator()(const Other&) const {
        return 1;
    }
};

inline std::vector<std::size_t> run_connection(std::string_view bytes, std::size_t chunk, bool refuse, bool anonymous) {
    protocol::ServerConnection connection({.max_packet_bytes = 5000, .anonymous_max_packet_bytes = 500});
    std::vector<std::size_t> prints;
    while (!bytes.empty()) {
        const std::string block(bytes.substr(0, chunk));
        bytes.remove_prefix(block.size());
        for (std::string_view input = block;;) {
            const protocol::Action action = connection.next(input, protocol::TimePoint{});
            if (std::holds_alternative<protocol::NeedMore>(action)) break;
            prints.push_back(action.index());
            prints.push_back(std::visit(Fingerprint{}, action));
            const bool ended = std::holds_alternative<protocol::Violation>(action) ||
                               std::holds_alternative<protocol::DisconnectRequest>(action);
            require(ended == (connection.state() == protocol::ConnectionState::closing));
            if (!std::holds_alternative<protocol::ConnectRequest>(action)) continue;
            refuse ? connection.refused() : connection.accepted(60, anonymous);
        }
    }
    return prints;
}

inline void server_connection(std::string_view bytes) {
    if (bytes.size() < 2) return;
    const auto answer = static_cast<unsigned char>(bytes[0]);
    const std::size_t chunk = 1 + static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    const bool refuse = answer % 8 == 7;
    const bool anonymous = answer % 2 == 1;
    const auto whole = run_connection(bytes, bytes.size() + 1, refuse, anonymous);
    require(run_connection(bytes, chunk, refuse, anonymous) == whole);
}

}  // namespace fuzz
