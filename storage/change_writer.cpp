#include "storage/change_writer.h"

#include "storage/row_codec.h"
#include "storage/sqlite_handle.h"

namespace storage {

void ChangeWriter::apply(const PutConnector& change) {
    Query(connection_.cached("INSERT INTO connectors(connector, settings_json) VALUES(?,?) "
                             "ON CONFLICT DO UPDATE SET settings_json = excluded.settings_json"))
        .text(change.row.connector)
        .text(change.row.settings_json)
        .run();
}

void ChangeWriter::apply(const DeleteConnector& change) {
    Query(connection_.cached("DELETE FROM device_values WHERE device_id IN "
                             "(SELECT device_id FROM identities WHERE connector = ?)"))
        .text(change.connector)
        .run();
    Query(connection_.cached("DELETE FROM sessions WHERE device_id IN "
                             "(SELECT device_id FROM identities WHERE connector = ?)"))
        .text(change.connector)
        .run();
    Query(connection_.cached("DELETE FROM identities WHERE connector = ?")).text(change.connector).run();
    Query(connection_.cached("DELETE FROM content WHERE connector = ?")).text(change.connector).run();
    Query(connection_.cached("DELETE FROM connectors WHERE connector = ?")).text(change.connector).run();
}

void ChangeWriter::apply(const PutIdentity& change) {
    if (!touch_identity(change.row)) put_identity(change.row);
}

// Every connect and disconnect puts the identity with a new last_seen_us and nothing else. SQLite rewrites the entries
// of an index when a column of it is assigned, changed or not; so columns that an index knows are compared, not
// assigned.
bool ChangeWriter::touch_identity(const IdentityRow& row) {
    Query(connection_.cached("UPDATE identities SET locked = ?, devmode = ?, last_ip = ?, last_seen_us = ?, "
                             "tags_json = ? WHERE device_id = ? AND connector = ? AND identity = ? AND auth_type = ? "
                             "AND key = ? AND expire_us IS ? AND reprovision = ? AND expired = ?"))
        .integer(row.locked ? 1 : 0)
        .integer(row.devmode ? 1 : 0)
        .text(row.last_ip)
        .integer(row.last_seen_us)
        .text(row.tags_json)
        .integer(row.device_id)
        .text(row.connector)
        .text(row.identity)
        .text(row.auth_type)
        .blob(std::string_view(row.key))
        .integer(row.expire_us)
        .integer(row.reprovision ? 1 : 0)
        .integer(row.expired ? 1 : 0)
        .run();
    return connection_.changes() > 0;
}

void ChangeWriter::put_identity(const IdentityRow& row) {
    Query(connection_.cached(
              "INSERT INTO identities(device_id, connector, identity, auth_type, key, expire_us, locked, reprovision, "
              "expired, devmode, last_ip, last_seen_us, tags_json) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?) "
              "ON CONFLICT(device_id) DO UPDATE SET connector = excluded.connector, identity = excluded.identity, "
              "auth_type = excluded.auth_type, key = excluded.key, expire_us = excluded.expire_us, "
              "locked = excluded.locked, reprovision = excluded.reprovision, expired = excluded.expired, "
              "devmode = excluded.devmode, last_ip = excluded.last_ip, last_seen_us = excluded.last_seen_us, "
              "tags_json = excluded.tags_json"))
        .integer(row.device_id)
        .text(row.connector)
        .text(row.identity)
        .text(row.auth_type)
        .blob(std::string_view(row.key))
        .integer(row.expire_us)
        .integer(row.locked ? 1 : 0)
        .integer(row.reprovision ? 1 : 0)
        .integer(row.expired ? 1 : 0)
        .integer(row.devmode ? 1 : 0)
        .text(row.last_ip)
        .integer(row.last_seen_us)
        .text(row.tags_json)
        .run();
}

void ChangeWriter::apply(const DeleteIdentity& change) {
    apply(DeleteValues{change.device_id});
    Query(connection_.cached("DELETE FROM sessions WHERE device_id = ?")).integer(change.device_id).run();
    Query(connection_.cached("DELETE FROM identities WHERE device_id = ?")).integer(change.device_id).run();
}

void ChangeWriter::apply(const PutSession& change) {
    const SessionRow& row = change.row;
    const std::string filters = encode_filters(row.filters);
    Query(connection_.cached("INSERT INTO sessions(device_id, client_id, filters, connected, last_disconnect_us) "
                             "VALUES(?,?,?,?,?) ON CONFLICT DO UPDATE SET filters = excluded.filters, "
                             "connected = excluded.connected, last_disconnect_us = excluded.last_disconnect_us"))
        .integer(row.device_id)
        .text(row.client_id)
        .blob(std::string_view(filters))
        .integer(row.connected ? 1 : 0)
        .integer(row.last_disconnect_us)
        .run();
}

void ChangeWriter::apply(const DeleteSession& change) {
    Query(connection_.cached("DELETE FROM sessions WHERE device_id = ? AND client_id = ?"))
        .integer(change.device_id)
        .text(change.client_id)
        .run();
}

void ChangeWriter::apply(const DeleteValues& change) {
    Query(connection_.cached("DELETE FROM device_values WHERE device_id = ?")).integer(change.device_id).run();
}

void ChangeWriter::apply(const PutContent& change) {
    const ContentRow& row = change.row;
    Query(connection_.cached("INSERT OR REPLACE INTO content(connector, id, file, mime, length, sha256, "
                             "last_modified_us, tags_json, owner) VALUES(?,?,?,?,?,?,?,?,?)"))
        .text(row.connector)
        .text(row.id)
        .text(row.file)
        .text(row.mime)
        .integer(static_cast<std::int64_t>(row.length))
        .text(row.sha256)
        .integer(row.last_modified_us)
        .text(row.tags_json)
        .text(row.owner)
        .run();
}

void ChangeWriter::apply(const DeleteContent& change) {
    Query(connection_.cached("DELETE FROM content WHERE connector = ? AND id = ?"))
        .text(change.connector)
        .text(change.id)
        .run();
}

void ChangeWriter::apply(const PutMeta& change) {
    Query(connection_.cached("INSERT OR REPLACE INTO meta(key, value) VALUES(?,?)"))
        .text(change.key)
        .blob(std::string_view(change.value))
        .run();
}

void ChangeWriter::apply(const DeleteEverything&) {
    Query(connection_.cached("DELETE FROM connectors")).run();
    Query(connection_.cached("DELETE FROM identities")).run();
    Query(connection_.cached("DELETE FROM device_values")).run();
    Query(connection_.cached("DELETE FROM sessions")).run();
    Query(connection_.cached("DELETE FROM content")).run();
}

// Marks that hide nothing more, because the journal's cap took their events, go as well.
void ChangeWriter::apply(const HideEvents& change) {
    const HiddenMark& mark = change.mark;
    Query(
        connection_.cached("DELETE FROM hidden_events WHERE (?1 = '' OR connector = ?1) AND (?2 = '' OR identity = ?2) "
                           "OR last_cursor < (SELECT MIN(first_cursor) FROM journal)"))
        .text(mark.connector)
        .text(mark.identity)
        .run();
    Query(connection_.cached("INSERT OR REPLACE INTO hidden_events(connector, identity, last_cursor) VALUES(?,?,?)"))
        .text(mark.connector)
        .text(mark.identity)
        .integer(mark.last_cursor)
        .run();
}

}  // namespace storage
