#include "storage/migrations.h"

#include "storage/schema.h"
#include "storage/sqlite_handle.h"
#include "tests/unit/storage/store_fixture.h"

#include <array>
#include <fstream>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

// A version 1 database as its program left it, with one row in each table. It must open for ever; when the schema gets
// a version 2, this text stays.
constexpr const char* version_1 = R"sql(
BEGIN;
PRAGMA application_id = 0x6d757245;
PRAGMA user_version = 1;
CREATE TABLE connectors(connector TEXT NOT NULL PRIMARY KEY, settings_json TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE identities(device_id INTEGER PRIMARY KEY, connector TEXT NOT NULL, identity TEXT NOT NULL,
  auth_type TEXT NOT NULL, key BLOB NOT NULL, expire_us INTEGER, locked INTEGER NOT NULL, reprovision INTEGER NOT NULL,
  expired INTEGER NOT NULL, devmode INTEGER NOT NULL, last_ip TEXT NOT NULL, last_seen_us INTEGER NOT NULL,
  tags_json TEXT NOT NULL, UNIQUE(connector, identity)) STRICT;
CREATE INDEX identities_by_token ON identities(connector, key) WHERE auth_type = 'token';
CREATE INDEX identities_by_expiry ON identities(expire_us)
  WHERE expire_us IS NOT NULL AND auth_type = '' AND expired = 0 AND reprovision = 0;
CREATE TABLE device_values(device_id INTEGER NOT NULL, alias TEXT NOT NULL, reported_value BLOB, set_value BLOB,
  timestamp_us INTEGER NOT NULL, newest_report_us INTEGER NOT NULL, set_timestamp_us INTEGER NOT NULL,
  unacknowledged INTEGER NOT NULL, PRIMARY KEY(device_id, alias)) STRICT, WITHOUT ROWID;
CREATE TABLE sessions(device_id INTEGER NOT NULL, client_id TEXT NOT NULL, filters BLOB NOT NULL,
  connected INTEGER NOT NULL, last_disconnect_us INTEGER NOT NULL,
  PRIMARY KEY(device_id, client_id)) STRICT, WITHOUT ROWID;
CREATE TABLE content(connector TEXT NOT NULL, id TEXT NOT NULL, file TEXT NOT NULL, mime TEXT NOT NULL,
  length INTEGER NOT NULL, sha256 TEXT NOT NULL, last_modified_us INTEGER NOT NULL, tags_json TEXT NOT NULL,
  owner TEXT NOT NULL, PRIMARY KEY(connector, id)) STRICT, WITHOUT ROWID;
CREATE TABLE journal(first_cursor INTEGER PRIMARY KEY, last_cursor INTEGER NOT NULL,
  first_timestamp_us INTEGER NOT NULL, last_timestamp_us INTEGER NOT NULL, events INTEGER NOT NULL,
  events_before INTEGER NOT NULL, bytes_before INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE meta(key TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE counters(name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO connectors VALUES('local', '{"name":"x"}');
INSERT INTO identities VALUES(7, 'local', '12345', 'token', x'414243', NULL, 0, 0, 0, 1, '10.0.0.1', 99, '[]');
INSERT INTO device_values VALUES(7, 'data_in', x'3733', NULL, 5, 5, 0, 0);
INSERT INTO sessions VALUES(7, 'c', x'03000000612f62', 0, 42);
INSERT INTO content VALUES('local', 'logo.gif', 'f1', 'image/gif', 3, 'ab', 9, '', '');
INSERT INTO journal VALUES(11, 12, 1, 2, 2, 10, 100, x'0102');
INSERT INTO meta VALUES('clock', x'2b31');
INSERT INTO counters VALUES('max_device_id', 8);
COMMIT;
)sql";

void make_database(const TemporaryFolder& folder, const std::string& sql) {
    std::ofstream(folder.file()).close();
    run_sql(folder.file(), sql);
}

constexpr std::array<Migration, 2> with_good_step{{{1, ""}, {2, "ALTER TABLE meta ADD COLUMN note TEXT"}}};
constexpr std::array<Migration, 3> with_bad_step{
    {{1, ""}, {2, "ALTER TABLE meta ADD COLUMN note TEXT"}, {3, "DROP TABLE meta; DROP TABLE no_such_table"}}};

}  // namespace

TEST_CASE("a database of version 1 opens with everything that was in it") {
    const TemporaryFolder folder;
    make_database(folder, version_1);
    RunningStore running(folder);
    Reader& reader = running.reader();
    CHECK(reader.max_device_id() == 8);
    CHECK(reader.connectors().at(0).settings_json == "{\"name\":\"x\"}");
    IdentityRow expected = make_identity(7, "local", "12345");
    expected.auth_type = "token";
    expected.key = "ABC";
    expected.devmode = true;
    expected.last_ip = "10.0.0.1";
    expected.last_seen_us = 99;
    expected.tags_json = "[]";
    CHECK(reader.identity_by_token("local", "ABC") == expected);
    CHECK(reader.values(7).at(0).reported == "73");
    CHECK(reader.sessions(7).at(0) == SessionRow{7, "c", {"a/b"}, false, 42});
    CHECK(reader.content_item("local", "logo.gif")->file == "f1");
    CHECK(reader.meta("clock") == "+1");
    const JournalTotals totals = reader.journal_totals();
    CHECK(totals.events == 2);
    CHECK(totals.dropped == 10);
    CHECK(running.journal(make_block(13, 1)).ok);
}

TEST_CASE("an older database takes the missing steps") {
    const TemporaryFolder folder;
    make_database(folder, version_1);
    Connection connection(folder.file(), "");
    migrate(connection, with_good_step);
    CHECK(connection.integer("PRAGMA user_version") == 2);
    connection.execute("INSERT INTO meta(key, value, note) VALUES('a', x'', 'new')");
    migrate(connection, with_good_step);
    CHECK(connection.integer("SELECT COUNT(*) FROM meta WHERE note = 'new'") == 1);
}

TEST_CASE("a step that fails leaves the database at its old version, whole") {
    const TemporaryFolder folder;
    make_database(folder, version_1);
    Connection connection(folder.file(), "");
    CHECK_THROWS_AS(migrate(connection, with_bad_step), SqliteError);
    CHECK(connection.integer("PRAGMA user_version") == 1);
    CHECK(connection.integer("SELECT COUNT(*) FROM meta") == 1);
    CHECK(connection.integer("SELECT COUNT(*) FROM pragma_table_info('meta')") == 2);
}

TEST_CASE("the steps rise by one from 1 and make what this program opens") {
    int version = 0;
    for (const Migration& step : migrations()) CHECK(step.version == ++version);
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    Connection connection(folder.file(), "");
    CHECK(connection.integer("PRAGMA user_version") == version);
    CHECK(connection.integer("PRAGMA application_id") == application_id);
    CHECK(connection.integer("PRAGMA page_size") == 8192);
}

}  // namespace storage
