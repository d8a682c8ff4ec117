#pragma once
// Changes for the writer to make permanent. A Submission is applied in order, as a whole or not at all.

#include "storage/rows.h"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace storage {

struct PutConnector {
    ConnectorRow row;
};
struct DeleteConnector {
    std::string connector;
};  // with everything that belongs to it, except the journal
struct PutIdentity {
    IdentityRow row;
};  // inserts, or replaces the row of the same device_id
struct DeleteIdentity {
    std::int64_t device_id = 0;
};  // with its values and sessions
struct PutSession {
    SessionRow row;
};  // key: device_id, client_id
struct DeleteSession {
    std::int64_t device_id = 0;
    std::string client_id;
};
struct DeleteValues {
    std::int64_t device_id = 0;
};
struct PutContent {
    ContentRow row;
};  // key: connector, id
struct DeleteContent {
    std::string connector;
    std::string id;
};
struct PutMeta {
    std::string key;
    std::string value;
};                           // small settings of the server itself, such as the clock
struct DeleteEverything {};  // connectors, identities, values, sessions, content; not journal and meta
struct HideEvents {
    HiddenMark mark;
};  // also replaces the narrower marks
// Replaces everything stored by a staged snapshot (snapshot.h); device ids and cursors never go back. The file must
// stay until the commit.
struct LoadSnapshot {
    std::filesystem::path staged;
};

using Change =
    std::variant<PutConnector, DeleteConnector, PutIdentity, DeleteIdentity, PutSession, DeleteSession, DeleteValues,
                 PutContent, DeleteContent, PutMeta, DeleteEverything, HideEvents, LoadSnapshot>;

// The last state of one alias in this submission; the caller coalesces earlier ones.
struct ValueWrite {
    std::int64_t device_id = 0;
    ValueRow row;
};

// One turn of an event loop. Applied: changes, then values, then journal.
struct Submission {
    std::uint64_t sequence = 0;  // assigned by the caller, rising by one
    std::vector<Change> changes;
    std::vector<ValueWrite> values;
    std::vector<JournalBlock> journal;  // in the order of their cursors

    bool empty() const { return changes.empty() && values.empty() && !has_events(); }
    bool has_events() const {
        return std::any_of(journal.begin(), journal.end(), [](const JournalBlock& block) { return block.events > 0; });
    }
};

}  // namespace storage
