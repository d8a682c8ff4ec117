#pragma once
// What a row must contain so that the server can read it later. Storage checks what it understands itself
// (row_check.h); these functions judge what is opaque to it (settings, tags, credentials, events).

#include "storage/rows.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace storage {

// Each returns a clause that follows "cannot be read: ", or nullopt. An empty function accepts anything. Called on any
// thread, several at a time.
struct RowRules {
    template <typename... Parts>
    using Rule = std::function<std::optional<std::string>(Parts...)>;

    // Higher ids, cursors and counters are refused: they only rise by one, and up to this they are exact in JSON.
    std::int64_t most_counted = std::int64_t{1} << 53;

    Rule<const ConnectorRow&> connector;
    Rule<const IdentityRow&> identity;
    Rule<const ValueRow&> value;
    Rule<const SessionRow&> session;
    Rule<const ContentRow&> content;
    Rule<const JournalBlock&> journal;
    Rule<std::string_view, std::string_view> meta;  // key, value
};

}  // namespace storage
