#pragma once
// One device in memory: its identity, values, sessions and live connections. It stays in memory while it has
// connections or uncommitted changes; otherwise only the store has it. The functions of this box make the changes and
// hand each one to the CommitQueue.

#include "server/core/link.h"
#include "server/murano/takeovers.h"
#include "storage/changes.h"
#include "storage/rows.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace device {

inline constexpr std::int64_t never_reported_us = std::numeric_limits<std::int64_t>::min();

// Look-up by string_view without making a string.
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <typename Value>
using TextMap = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

struct ValueSlot {
    storage::ValueRow row;
    bool dirty = false;
};

struct Device {
    Connector* connector = nullptr;
    storage::IdentityRow row;
    bool exists = true;  // false: deleted, and the deletion may not be committed yet
    TextMap<ValueSlot> values;
    std::vector<storage::SessionRow> sessions;
    std::vector<Link*> links;
    // From the last connection that sent some and ended; nullopt: unknown, it was before the server's start.
    std::optional<RecentPacketIds> earlier_packet_ids;
    std::unique_ptr<murano::Takeovers> takeovers;  // from the first one on: most devices have none
    std::string http_host;  // "name:port" from its HTTPS requests, for its content links; empty: unknown
    std::vector<ValueSlot*> dirty_values;
    std::uint64_t busy_until = 0;  // commit sequence after which it may leave memory

    bool has_credential() const { return !row.auth_type.empty() && !row.key.empty(); }
};

}  // namespace device
