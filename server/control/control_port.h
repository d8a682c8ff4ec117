#pragma once
// What the control side (HTTP API, settings file) may ask of the devices: the only way from api to devices.
//
// Threads: the loop thread only. Calls return at once with plain values; what they change is submitted, not yet
// committed: the caller's answer leaves only after the commit (net's outbox sees to it), and a handler runs only after
// all that was received before it is committed, so that lists read from the store are complete. Errors: ControlError,
// which carries the HTTP status and a sentence for the user. Times: µs, the emulator's clock.

#include "config/connector_settings.h"
#include "server/control/sliced.h"
#include "server/core/control_error.h"
#include "server/core/http_login.h"
#include "server/core/state_values.h"
#include "server/journal/event.h"
#include "server/journal/text_pattern.h"
#include "storage/rows.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace device {

struct ConnectorInfo {
    std::string connector;
    std::uint64_t identities = 0;
    std::uint64_t connections = 0;
};

struct IdentityView {
    storage::IdentityRow row;  // row.key is a secret: only the `secret` call shows it
    std::string status;        // murano.md section 7, last line
    bool online = false;
    std::vector<StateEntry> state;
};

struct IdentityQuery {
    std::uint32_t limit = 50;
    std::optional<std::int64_t> before_us;        // last_seen_us below this
    std::string status;                           // empty: any; "devmode" is a filter too
    std::optional<journal::TextPattern> pattern;  // found somewhere in the identity
    std::string tag_name, tag_value;
};
struct IdentitySelection {
    std::uint64_t found = 0;               // that the query asks for, those behind its limit too
    std::vector<std::int64_t> device_ids;  // the last seen first, then by name; at most its limit
    bool may_load_more() const { return found > device_ids.size(); }
};

// Absent members stay as they are.
struct IdentityChange {
    std::optional<bool> locked;
    std::optional<std::string> auth_type;  // "token", "password", "certificate"; "cik" means token
    std::optional<std::string> auth_key;
    std::optional<std::int64_t> auth_expire_us;  // 0: revoke
    std::optional<std::string> tags_json;
};
struct NamedChange {
    std::string identity;
    IdentityChange change;
};
enum class Unknown : std::uint8_t { make, refuse };  // what to do about an identity that is not there

struct ConnectionView {
    std::string connection_id, connector, identity, client_id, ip, port_kind;  // port_kind: "mqtts", "mqtt"
    std::string sni, tls_version, tls_cipher;
    std::int64_t connected_us = 0;
    std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
};

struct SessionView {
    std::string connector, identity;
    storage::SessionRow session;
};

struct ContentPut {
    storage::ContentRow row;   // row.file: a file already complete in content_dir()
    bool from_device = false;  // event content_in [R65]
    std::string connection_id, ip;
};

struct SnapshotInfo {
    std::string name;
    std::uint64_t bytes = 0;
    std::int64_t saved_us = 0;  // real time
    int version = 0;            // of the database in it
};

// Something that a helper thread does. Whoever waits looks again when watch_events() wakes.
struct TaskState {
    bool done = false;
    Failure failure;
};
using SnapshotTask = std::shared_ptr<const TaskState>;

struct ClockView {
    std::int64_t now_us = 0;
    std::int64_t offset_us = 0;
    bool frozen = false;
};
struct ClockChange {
    std::optional<std::int64_t> now_us, offset_us;  // at most one
    std::optional<bool> frozen;
};

class ControlPort {
  public:
    virtual ~ControlPort() = default;

    // --- connectors ---
    virtual std::vector<ConnectorInfo> connectors() = 0;
    virtual bool connector_exists(std::string_view connector) = 0;
    // It exists, or did before a reset or its removal.
    virtual bool connector_known(std::string_view connector) = 0;
    virtual std::string default_connector() = 0;  // that of devices which name none
    // The settings in force, or the defaults of a connector that does not exist yet (never makes one).
    virtual config::ConnectorSettings connector_settings(std::string_view connector) = 0;
    // Replaces the settings, at once in force and kept; makes the connector where it is not there and may be made.
    virtual Failure put_connector_settings(std::string_view connector, const config::ConnectorSettings& settings) = 0;
    virtual Failure delete_connector(std::string_view connector) = 0;
    // Before a large connector is deleted or reset: see thin_out.h. Nothing to do for others.
    virtual SlicedWork<std::monostate> thin_out(std::string_view connector) = 0;

    // --- identities ---
    // A list is made in two steps, both in slices, because a connector may have a million.
    virtual SlicedWork<IdentitySelection> select_identities(std::string_view connector, const IdentityQuery& query) = 0;
    // Those that are still there, in that order.
    virtual std::vector<IdentityView> identity_views(std::string_view connector,
                                                     std::span<const std::int64_t> device_ids) = 0;
    virtual std::optional<IdentityView> identity(std::string_view connector, std::string_view identity) = 0;
    virtual Failure put_identity(std::string_view connector, std::string_view identity,
                                 const IdentityChange& change) = 0;  // makes or changes
    virtual Failure patch_identity(std::string_view connector, std::string_view identity,
                                   const IdentityChange& change) = 0;  // 404 where unknown
    // All of them or none, when the work is done; the path of an error begins with "$[n]", n from 0.
    virtual SlicedWork<Failure> change_identities(std::string_view connector, std::vector<NamedChange>&& changes,
                                                  Unknown unknown) = 0;
    virtual SlicedWork<std::vector<std::string>> tag_names(std::string_view connector) = 0;  // of all of them, sorted
    virtual Failure delete_identity(std::string_view connector, std::string_view identity) = 0;

    // --- state ---
    virtual std::optional<std::vector<StateEntry>> state(std::string_view connector,
                                                         std::string_view identity) = 0;  // nullopt: unknown identity
    virtual Failure set_state(std::string_view connector, std::string_view identity,
                              const std::vector<StateWrite>& writes) = 0;  // all or nothing
    virtual Failure publish(std::string_view connector, std::string_view identity, std::string_view topic,
                            std::string_view payload) = 0;

    // --- content ---
    virtual std::filesystem::path content_dir() = 0;
    virtual std::string new_content_file() = 0;  // a fresh file name inside content_dir()
    virtual std::vector<storage::ContentRow> content(
        std::string_view connector) = 0;  // of the connector and its devices, by id
    virtual std::optional<storage::ContentRow> content_item(std::string_view connector, std::string_view id) = 0;
    virtual Failure put_content(ContentPut&& put) = 0;  // the file of a replaced item is removed after the commit
    virtual Failure delete_content(std::string_view connector, std::string_view id) = 0;

    // --- provisioning and authentication over HTTPS on the device port [R64], [R65] ---
    virtual Activated activate(const Activation& request) = 0;
    virtual std::optional<std::string> authenticate(const HttpCredential& credential) = 0;  // the identity
    virtual void http_refused(const HttpRefusal& refusal) = 0;                              // leaves a finding

    // --- connections, sessions ---
    virtual std::vector<ConnectionView> connections() = 0;
    virtual bool close_connection(std::string_view connection_id) = 0;
    virtual std::vector<SessionView> sessions() = 0;

    // --- journal ---
    virtual std::vector<storage::JournalBlock> journal_blocks(std::int64_t after, std::uint32_t limit) = 0;
    // The next one; of a giant message in it only the beginning.
    virtual std::optional<storage::JournalBlock> journal_beginning(std::int64_t after) = 0;
    virtual std::int64_t newest_cursor() = 0;  // of the last event that happened
    virtual std::uint64_t dropped_events() = 0;
    // Called after each commit that brought events, until unwatched. Not called from within watch_events().
    virtual std::uint64_t watch_events(std::function<void()> wake) = 0;
    virtual void unwatch_events(std::uint64_t watch) = 0;

    // --- time, everything; an empty connector means all ---
    virtual ClockView clock(std::string_view connector) = 0;
    virtual Failure change_clock(std::string_view connector, const ClockChange& change) = 0;
    virtual Failure advance_clock(std::string_view connector, std::int64_t by_us) = 0;
    virtual void reset_clock(std::string_view connector) = 0;
    virtual Failure reset(std::string_view connector, std::string_view identity) = 0;

    // --- snapshots: named copies of all of this; see snapshots.h for what a name may be ---
    virtual std::vector<SnapshotInfo> snapshots() = 0;                // by name
    virtual SnapshotTask save_snapshot(const std::string& name) = 0;  // replaces one of that name
    virtual SnapshotTask load_snapshot(const std::string& name) = 0;  // closes all connections of devices
    // Takes the file over, whatever comes of it.
    virtual SnapshotTask import_snapshot(const std::string& name, const std::filesystem::path& uploaded) = 0;
    virtual Failure delete_snapshot(const std::string& name) = 0;
    virtual std::filesystem::path snapshot_file(const std::string& name) = 0;  // empty: there is none
    virtual std::filesystem::path new_snapshot_upload() = 0;                   // a fresh file name to upload into

    virtual std::string metrics_text() = 0;  // Prometheus
    virtual bool ready() = 0;
    virtual std::optional<std::string> storage_failure() = 0;  // see CommitQueue::failing()
};

}  // namespace device
