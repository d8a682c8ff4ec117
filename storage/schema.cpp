#include "storage/schema.h"

namespace storage {
namespace {

// What each table costs per message:
// - device_values has one b-tree (the key is the row), so a value touches one page.
// - identities has three more b-trees. Those change only when name, credential or window change; see change_writer.
// - journal is append-only by an integer key; a block fits one page where it can, see journal_writer. `*_before` count
//   everything that was ever written before the block, so totals are the difference of two rows and no counter is
//   rewritten per commit.
// - counters: max_device_id; and where events_before and the cursors go on where the journal is empty: behind a
// snapshot, a recovery.
constexpr std::string_view version_1 = R"sql(
CREATE TABLE connectors(
  connector TEXT NOT NULL PRIMARY KEY,
  settings_json TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE identities(
  device_id INTEGER PRIMARY KEY,
  connector TEXT NOT NULL,
  identity TEXT NOT NULL,
  auth_type TEXT NOT NULL,
  key BLOB NOT NULL,
  expire_us INTEGER,
  locked INTEGER NOT NULL,
  reprovision INTEGER NOT NULL,
  expired INTEGER NOT NULL,
  devmode INTEGER NOT NULL,
  last_ip TEXT NOT NULL,
  last_seen_us INTEGER NOT NULL,
  tags_json TEXT NOT NULL,
  UNIQUE(connector, identity)) STRICT;
CREATE INDEX identities_by_token ON identities(connector, key) WHERE auth_type = 'token';
CREATE INDEX identities_by_expiry ON identities(expire_us)
  WHERE expire_us IS NOT NULL AND auth_type = '' AND expired = 0 AND reprovision = 0;

CREATE TABLE device_values(
  device_id INTEGER NOT NULL,
  alias TEXT NOT NULL,
  reported_value BLOB,
  set_value BLOB,
  timestamp_us INTEGER NOT NULL,
  newest_report_us INTEGER NOT NULL,
  set_timestamp_us INTEGER NOT NULL,
  unacknowledged INTEGER NOT NULL,
  PRIMARY KEY(device_id, alias)) STRICT, WITHOUT ROWID;

CREATE TABLE sessions(
  device_id INTEGER NOT NULL,
  client_id TEXT NOT NULL,
  filters BLOB NOT NULL,
  connected INTEGER NOT NULL,
  last_disconnect_us INTEGER NOT NULL,
  PRIMARY KEY(device_id, client_id)) STRICT, WITHOUT ROWID;

CREATE TABLE content(
  connector TEXT NOT NULL,
  id TEXT NOT NULL,
  file TEXT NOT NULL,
  mime TEXT NOT NULL,
  length INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  last_modified_us INTEGER NOT NULL,
  tags_json TEXT NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY(connector, id)) STRICT, WITHOUT ROWID;

CREATE TABLE journal(
  first_cursor INTEGER PRIMARY KEY,
  last_cursor INTEGER NOT NULL,
  first_timestamp_us INTEGER NOT NULL,
  last_timestamp_us INTEGER NOT NULL,
  events INTEGER NOT NULL,
  events_before INTEGER NOT NULL,
  bytes_before INTEGER NOT NULL,
  bytes BLOB NOT NULL) STRICT;

CREATE TABLE meta(
  key TEXT NOT NULL PRIMARY KEY,
  value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE counters(
  name TEXT NOT NULL PRIMARY KEY,
  value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// - hidden_events: up to which cursor a reset hides the events of a connector, of one identity of it, or ("", "") of
// all.
constexpr std::string_view version_2 = R"sql(
CREATE TABLE hidden_events(
  connector TEXT NOT NULL,
  identity TEXT NOT NULL,
  last_cursor INTEGER NOT NULL,
  PRIMARY KEY(connector, identity)) STRICT, WITHOUT ROWID;
)sql";

// No table changes: a row of the journal may have a reference to a file instead of a block (block_reference.h), which
// earlier programs would take for damage.
constexpr std::string_view version_3;

}  // namespace

std::string_view schema_version_1() {
    return version_1;
}

std::string_view schema_version_2() {
    return version_2;
}

std::string_view schema_version_3() {
    return version_3;
}

}  // namespace storage
