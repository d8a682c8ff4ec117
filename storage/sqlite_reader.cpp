#include "storage/sqlite_reader.h"

#include "storage/block_reference.h"
#include "storage/row_codec.h"

namespace storage {

namespace {

template <typename Row, typename Read>
std::vector<Row> all_rows(Query& query, Read read) {
    std::vector<Row> rows;
    while (query.next()) rows.push_back(read(query));
    return rows;
}

template <typename Row, typename Read>
std::optional<Row> first_row(Query& query, Read read) {
    if (!query.next()) return std::nullopt;
    return read(query);
}

}  // namespace

void SqliteReader::begin_view() {
    if (views_ == 0) {
        seen_ = unsettled_();      // before the first read
        connection_->roll_back();  // where the last one's end failed
        Query(select("BEGIN")).run();
    }
    ++views_;
}

void SqliteReader::end_view() noexcept {
    if (--views_ > 0) return;
    connection_->roll_back();  // there is nothing to commit
    seen_.reset();
}

std::int64_t SqliteReader::max_device_id() {
    Query query(select("SELECT value FROM counters WHERE name = 'max_device_id'"));
    return query.next() ? query.integer_at(0) : 0;
}

std::vector<ConnectorRow> SqliteReader::connectors() {
    Query query(select("SELECT connector, settings_json FROM connectors ORDER BY connector"));
    return all_rows<ConnectorRow>(query, [](const Query& row) {
        return ConnectorRow{row.string_at(0), row.string_at(1)};
    });
}

std::vector<IdentityCounts> SqliteReader::identity_counts() {
    Query query(select("SELECT connector, COUNT(*) FROM identities GROUP BY connector ORDER BY connector"));
    return all_rows<IdentityCounts>(query, [](const Query& row) {
        return IdentityCounts{row.string_at(0), static_cast<std::uint64_t>(row.integer_at(1))};
    });
}

std::optional<IdentityRow> SqliteReader::identity(std::string_view connector, std::string_view identity) {
    static const std::string sql =
        "SELECT " + std::string(identity_columns) + " FROM identities WHERE connector = ? AND identity = ?";
    Query query(select(sql));
    query.text(connector).text(identity);
    return first_row<IdentityRow>(query, read_identity);
}

std::optional<IdentityRow> SqliteReader::identity_by_token(std::string_view connector, std::string_view token) {
    static const std::string sql = "SELECT " + std::string(identity_columns) +
                                   " FROM identities WHERE auth_type = 'token' AND connector = ? AND key = ?";
    Query query(select(sql));
    query.text(connector).blob(token);
    return first_row<IdentityRow>(query, read_identity);
}

std::optional<IdentityRow> SqliteReader::identity_by_token_beginning(std::string_view connector,
                                                                     std::string_view beginning) {
    static const std::string sql = "SELECT " + std::string(identity_columns) +
                                   " FROM identities WHERE auth_type = 'token' AND connector = ? AND key >= ?"
                                   " ORDER BY key LIMIT 1";
    Query query(select(sql));
    query.text(connector).blob(beginning);
    auto row = first_row<IdentityRow>(query, read_identity);
    return row && row->key.starts_with(beginning) ? row : std::nullopt;
}

std::optional<IdentityRow> SqliteReader::identity_of_device(std::int64_t device_id) {
    static const std::string sql = "SELECT " + std::string(identity_columns) + " FROM identities WHERE device_id = ?";
    Query query(select(sql));
    query.integer(device_id);
    return first_row<IdentityRow>(query, read_identity);
}

void SqliteReader::each_identity(std::string_view connector, std::string_view after, const EachIdentity& each) {
    Query query(
        select("SELECT device_id, identity, tags_json, last_seen_us, locked, reprovision, expired, devmode, "
               "auth_type <> '' AND length(key) > 0 FROM identities WHERE connector = ? AND identity > ? "
               "ORDER BY identity"));
    query.text(connector).text(after);
    while (query.next()) {
        const IdentityGlance glance{query.integer_at(0),      query.bytes_at(1),        query.bytes_at(2),
                                    query.integer_at(3),      query.integer_at(4) != 0, query.integer_at(5) != 0,
                                    query.integer_at(6) != 0, query.integer_at(7) != 0, query.integer_at(8) != 0};
        if (!each(glance)) return;
    }
}

void SqliteReader::each_last_seen(std::string_view connector, std::string_view after, const EachIdentity& each) {
    Query query(
        select("SELECT device_id, identity, last_seen_us FROM identities WHERE connector = ? AND identity > ? "
               "ORDER BY identity"));
    query.text(connector).text(after);
    while (query.next()) {
        IdentityGlance glance;
        glance.device_id = query.integer_at(0);
        glance.identity = query.bytes_at(1);
        glance.last_seen_us = query.integer_at(2);
        if (!each(glance)) return;
    }
}

std::vector<IdentityRow> SqliteReader::identities_to_expire(std::int64_t now_us) {
    static const std::string sql = "SELECT " + std::string(identity_columns) +
                                   " FROM identities WHERE expire_us IS NOT NULL AND auth_type = '' AND expired = 0 "
                                   "AND reprovision = 0 AND expire_us <= ? ORDER BY expire_us";
    Query query(select(sql));
    query.integer(now_us);
    return all_rows<IdentityRow>(query, read_identity);
}

std::vector<ValueRow> SqliteReader::values_in_table(std::int64_t device_id) {
    Query query(
        select("SELECT alias, reported_value, set_value, timestamp_us, newest_report_us, set_timestamp_us, "
               "unacknowledged FROM device_values WHERE device_id = ? ORDER BY alias"));
    query.integer(device_id);
    return all_rows<ValueRow>(query, [](const Query& row) { return read_value(row, 0); });
}

std::vector<SessionRow> SqliteReader::sessions(std::int64_t device_id) {
    Query query(
        select("SELECT device_id, client_id, filters, connected, last_disconnect_us FROM sessions "
               "WHERE device_id = ? ORDER BY client_id"));
    query.integer(device_id);
    return all_rows<SessionRow>(query, [](const Query& row) { return read_session(row, 0); });
}

std::vector<Reader::OwnedSession> SqliteReader::all_sessions(std::uint32_t limit) {
    Query query(
        select("SELECT i.connector, i.identity, s.device_id, s.client_id, s.filters, s.connected, "
               "s.last_disconnect_us FROM sessions s JOIN identities i ON i.device_id = s.device_id "
               "ORDER BY s.device_id, s.client_id LIMIT ?"));
    query.integer(limit);
    return all_rows<OwnedSession>(query, [](const Query& row) {
        return OwnedSession{row.string_at(0), row.string_at(1), read_session(row, 2)};
    });
}

std::vector<ContentRow> SqliteReader::content(std::string_view connector) {
    static const std::string sql =
        "SELECT " + std::string(content_columns) + " FROM content WHERE connector = ? ORDER BY id";
    Query query(select(sql));
    query.text(connector);
    return all_rows<ContentRow>(query, read_content);
}

std::optional<ContentRow> SqliteReader::content_item(std::string_view connector, std::string_view id) {
    static const std::string sql =
        "SELECT " + std::string(content_columns) + " FROM content WHERE connector = ? AND id = ?";
    Query query(select(sql));
    query.text(connector).text(id);
    return first_row<ContentRow>(query, read_content);
}

std::vector<JournalBlock> SqliteReader::blocks_in_table(std::int64_t after, std::uint32_t limit) {
    // Starts at the block that `after` lies in, or at the one before it, which the last condition leaves out.
    Query query(
        select("SELECT first_cursor, last_cursor, first_timestamp_us, last_timestamp_us, events, bytes "
               "FROM journal WHERE first_cursor >= "
               "COALESCE((SELECT MAX(first_cursor) FROM journal WHERE first_cursor <= ?1), 0) "
               "AND last_cursor > ?1 ORDER BY first_cursor LIMIT ?2"));
    query.integer(after).integer(limit);
    return all_rows<JournalBlock>(query, [](const Query& row) { return read_block(row, 5); });
}

// The length is known without its bytes, which SQLite reads only where they are asked for.
std::optional<JournalBlock> SqliteReader::beginning_in_table(std::int64_t after, std::uint64_t large,
                                                             std::uint64_t beginning) {
    Query query(
        select("SELECT first_cursor, last_cursor, first_timestamp_us, last_timestamp_us, events, "
               "CASE WHEN length(bytes) <= ?2 THEN bytes END, length(bytes) FROM journal WHERE first_cursor >= "
               "COALESCE((SELECT MAX(first_cursor) FROM journal WHERE first_cursor <= ?1), 0) "
               "AND last_cursor > ?1 ORDER BY first_cursor LIMIT 1"));
    query.integer(after).integer(static_cast<std::int64_t>(large));
    if (!query.next()) return std::nullopt;
    auto block = read_block(query, 5, large, beginning);
    const auto size = static_cast<std::uint64_t>(query.integer_at(6));
    if (size <= large) return block;
    block.bytes = connection_->beginning_of_blob("journal", "bytes", block.first_cursor, beginning);
    block.cut = size - block.bytes.size();
    return block;
}

JournalTotals SqliteReader::totals_in_table() {
    // One statement, so that both ends are of one commit.
    static const std::string sql =
        "SELECT o.first_cursor, o.events_before, o.bytes_before, "
        "MAX(n.last_cursor, COALESCE((SELECT value FROM counters WHERE name = 'journal_last_cursor'), 0)), "
        "n.events_end, n.bytes_end FROM "
        "(SELECT first_cursor, events_before, bytes_before FROM journal ORDER BY first_cursor LIMIT 1) o, "
        "(SELECT last_cursor, events_before + events AS events_end, bytes_before + " +
        std::string(block_size_sql) + " AS bytes_end FROM journal ORDER BY first_cursor DESC LIMIT 1) n";
    Query query(select(sql));
    if (!query.next()) return totals_when_empty();
    JournalTotals totals;
    totals.oldest_cursor = query.integer_at(0);
    totals.dropped = static_cast<std::uint64_t>(query.integer_at(1));
    totals.newest_cursor = query.integer_at(3);
    totals.events = static_cast<std::uint64_t>(query.integer_at(4)) - totals.dropped;
    totals.bytes = static_cast<std::uint64_t>(query.integer_at(5) - query.integer_at(2));
    return totals;
}

// Cursors never go back, so the newest is told when its event is gone, too.
JournalTotals SqliteReader::totals_when_empty() {
    Query query(
        select("SELECT (SELECT value FROM counters WHERE name = 'journal_last_cursor'), "
               "(SELECT value FROM counters WHERE name = 'journal_events')"));
    JournalTotals totals;
    if (!query.next()) return totals;
    totals.newest_cursor = query.integer_at(0);
    totals.dropped = static_cast<std::uint64_t>(query.integer_at(1));
    return totals;
}

std::vector<HiddenMark> SqliteReader::hidden_events() {
    Query query(select("SELECT connector, identity, last_cursor FROM hidden_events"));
    return all_rows<HiddenMark>(query, [](const Query& row) {
        return HiddenMark{row.string_at(0), row.string_at(1), row.integer_at(2)};
    });
}

std::optional<std::string> SqliteReader::meta(std::string_view key) {
    Query query(select("SELECT value FROM meta WHERE key = ?"));
    query.text(key);
    return first_row<std::string>(query, [](const Query& row) { return row.string_at(0); });
}

}  // namespace storage
