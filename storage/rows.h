#pragma once
// The stored rows, as plain values. Times are µs since 1970 by the emulator's clock.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace storage {

// A connector that exists, with its run-time settings as JSON text (opaque to storage).
struct ConnectorRow {
    std::string connector;
    std::string settings_json;
};

// A device. The caller assigns `device_id` (Reader::max_device_id() + 1 and upwards) and never uses it again.
struct IdentityRow {
    std::int64_t device_id = 0;
    std::string connector;
    std::string identity;
    std::string auth_type;                  // "token", "password", "certificate", or empty: no credential
    std::string key;                        // token, password, or certificate in PEM; a secret
    std::optional<std::int64_t> expire_us;  // end of the activation window [R55]
    bool locked = false;
    bool reprovision = false;
    bool expired = false;
    bool devmode = false;
    std::string last_ip;
    std::int64_t last_seen_us = 0;
    std::string tags_json;  // array of {name, value}; empty: none
    bool operator==(const IdentityRow&) const = default;
};

// One alias of one device. Values are the exact text the device or the cloud gave. [R40a]
struct ValueRow {
    std::string alias;
    std::optional<std::string> reported;
    std::optional<std::string> set;
    std::int64_t timestamp_us = 0;      // of the last set or report
    std::int64_t newest_report_us = 0;  // newest reported timestamp, for D8; INT64_MIN: never reported
    std::int64_t set_timestamp_us = 0;  // of the last cloud set, sent in the topic [R43]
    bool unacknowledged = false;        // set by the cloud and not reported since [R42]
    bool operator==(const ValueRow&) const = default;
};

struct SessionRow {
    std::int64_t device_id = 0;
    std::string client_id;
    std::vector<std::string> filters;
    bool connected = false;
    std::int64_t last_disconnect_us = 0;  // [R18a]
    bool operator==(const SessionRow&) const = default;
};

struct ContentRow {
    std::string connector;
    std::string id;    // the item's name; never used as a path
    std::string file;  // name of the file in the content folder, made by the server
    std::string mime;
    std::uint64_t length = 0;
    std::string sha256;  // lower-case hex
    std::int64_t last_modified_us = 0;
    std::string tags_json;
    std::string owner;  // identity of the uploading device, or empty: the connector's [R62]
    bool operator==(const ContentRow&) const = default;
};

// Events up to `last_cursor` that a reset hides: those of the identity; of the whole connector where that is empty; all
// events where both are.
struct HiddenMark {
    std::string connector;
    std::string identity;
    std::int64_t last_cursor = 0;
    bool operator==(const HiddenMark&) const = default;
};

// Consecutive events, encoded by the journal (opaque to storage).
struct JournalBlock {
    std::int64_t first_cursor = 0;
    std::int64_t last_cursor = 0;
    std::int64_t first_timestamp_us = 0;
    std::int64_t last_timestamp_us = 0;
    std::uint32_t events = 0;
    std::string bytes;
    std::uint64_t cut = 0;  // bytes missing at the end: only the beginning was read
};

}  // namespace storage
