#include "storage/row_check.h"

#include "storage/block_reference.h"
#include "storage/row_codec.h"

#include <algorithm>
#include <array>
#include <limits>

#include <sqlite3.h>

namespace storage {
namespace {

using Why = std::optional<std::string>;

template <typename Rule, typename... Parts>
Why ask(const Rule& rule, const Parts&... parts) {
    return rule ? rule(parts...) : std::nullopt;
}

// --- numbers ---

struct Number {
    int column;
    std::string_view name;
};

Why first_beyond(const Query& row, std::initializer_list<Number> numbers, std::int64_t least, std::int64_t most) {
    for (const auto& [column, name] : numbers) {
        const auto value = row.integer_at(column);
        if (value >= least && value <= most) continue;
        return std::string(name) + " is " + std::to_string(value) + ", and not from " + std::to_string(least) + " to " +
               std::to_string(most);
    }
    return std::nullopt;
}

Why bad_flag(const Query& row, std::initializer_list<Number> flags) {
    return first_beyond(row, flags, 0, 1);
}

Why bad_clock_time(const Query& row, std::initializer_list<Number> times) {
    return first_beyond(row, times, 0, latest_clock_us);
}

// A device may send any whole number that is not negative. [R38]
Why bad_report_time(const Query& row, std::initializer_list<Number> times) {
    return first_beyond(row, times, 0, std::numeric_limits<std::int64_t>::max());
}

Why bad_id(const Query& row, const RowRules& rules) {
    return first_beyond(row, {{0, "device_id"}}, 1, rules.most_counted);
}

// The first of several answers that names a fault; the later ones are not asked for.
template <typename... Checks>
Why first_of(const Checks&... checks) {
    Why why;
    (void)((why = checks(), why.has_value()) || ...);
    return why;
}

// --- tables, by the columns of SELECT * ---

Why check_connector(const Query& row, const RowRules& rules) {
    return ask(rules.connector, ConnectorRow{row.string_at(0), row.string_at(1)});
}

Why check_identity(const Query& row, const RowRules& rules) {
    return first_of([&] { return bad_id(row, rules); },
                    [&] {
                        return bad_flag(row, {{6, "locked"}, {7, "reprovision"}, {8, "expired"}, {9, "devmode"}});
                    },
                    [&] {
                        return bad_clock_time(row, {{11, "last_seen_us"}});
                    },
                    [&] { return ask(rules.identity, read_identity(row)); });
}

Why check_value(const Query& row, const RowRules& rules) {
    const bool reported = row.integer_at(5) != std::numeric_limits<std::int64_t>::min();  // else never reported
    return first_of([&] { return bad_id(row, rules); },
                    [&] {
                        return bad_report_time(row, {{4, "timestamp_us"}});
                    },
                    [&] {
                        return reported ? bad_report_time(row, {{5, "newest_report_us"}}) : std::nullopt;
                    },
                    [&] {
                        return bad_clock_time(row, {{6, "set_timestamp_us"}});
                    },
                    [&] {
                        return bad_flag(row, {{7, "unacknowledged"}});
                    },
                    [&] { return ask(rules.value, read_value(row, 1)); });
}

Why check_session(const Query& row, const RowRules& rules) {
    return first_of([&] { return bad_id(row, rules); },
                    [&] {
                        return bad_flag(row, {{3, "connected"}});
                    },
                    [&] {
                        return bad_clock_time(row, {{4, "last_disconnect_us"}});
                    },
                    [&] { return ask(rules.session, read_session(row, 0)); });
}

Why check_content(const Query& row, const RowRules& rules) {
    return first_of(
        [&] {
            return first_beyond(row, {{4, "length"}}, 0, rules.most_counted);
        },
        [&] {
            return bad_clock_time(row, {{6, "last_modified_us"}});
        },
        [&] { return ask(rules.content, read_content(row)); });
}

// A block whose file is gone costs its events and nothing else: readers step over it, as over one that was dropped.
Why ask_about_block(const Query& row, const RowRules& rules) {
    const JournalBlock block = read_block(row, 7);
    if (block.bytes.empty() && decode_reference(row.bytes_at(7))) return std::nullopt;
    return ask(rules.journal, block);
}

Why check_journal(const Query& row, const RowRules& rules) {
    constexpr auto most_events = std::int64_t{std::numeric_limits<std::uint32_t>::max()};
    return first_of(
        [&] {
            return first_beyond(row, {{0, "first_cursor"}}, 1, rules.most_counted);
        },
        [&] {
            return first_beyond(row, {{1, "last_cursor"}}, row.integer_at(0), rules.most_counted);
        },
        [&] {
            return first_beyond(row, {{4, "events"}}, 1, most_events);
        },
        [&] {
            return first_beyond(row, {{5, "events_before"}, {6, "bytes_before"}}, 0, rules.most_counted);
        },
        [&] { return ask_about_block(row, rules); });
}

Why check_hidden(const Query& row, const RowRules& rules) {
    if (row.bytes_at(0).empty() && !row.bytes_at(1).empty()) return "it has an identity and no connector";
    return first_beyond(row, {{2, "last_cursor"}}, 0, rules.most_counted);
}

Why check_meta(const Query& row, const RowRules& rules) {
    return ask(rules.meta, row.bytes_at(0), row.bytes_at(1));
}

Why check_counter(const Query& row, const RowRules& rules) {
    return first_beyond(row, {{1, "value"}}, 0, rules.most_counted);
}

struct Check {
    std::string_view table;
    Why (*check)(const Query& row, const RowRules& rules);
};
constexpr std::array checks{
    Check{"connectors", check_connector}, Check{"identities", check_identity}, Check{"device_values", check_value},
    Check{"sessions", check_session},     Check{"content", check_content},     Check{"journal", check_journal},
    Check{"hidden_events", check_hidden}, Check{"meta", check_meta},           Check{"counters", check_counter},
};

// --- names of rows ---

constexpr std::size_t longest_shown = 64;

std::string quoted(std::string_view text) {
    std::string shown = "\"";
    for (const char c : text.substr(0, longest_shown)) {
        const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
        if (plain) {
            shown.push_back(c);
        } else {
            constexpr std::string_view digits = "0123456789abcdef";
            const auto byte = static_cast<unsigned char>(c);
            shown.append("\\x").append({digits[byte >> 4U], digits[byte & 15U]});
        }
    }
    return shown + (text.size() > longest_shown ? "\"…" : "\"");
}

bool has_table(Connection& connection, std::string_view name) {
    return connection.integer("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '" +
                              std::string(name) + "'") > 0;
}

void stop_if(const Cancel* cancel) {
    if (cancel != nullptr && *cancel) throw SqliteError(SQLITE_INTERRUPT, "interrupted");
}

std::optional<BadRow> first_bad_row_of(Connection& connection, const Table& table, const RowRules& rules,
                                       const Cancel* cancel) {
    Statement select = connection.prepare("SELECT * FROM " + std::string(table.name));
    Query row(select);
    while (row.next()) {
        stop_if(cancel);
        if (auto bad = check_row(table, row, rules)) return bad;
    }
    return std::nullopt;
}

}  // namespace

std::string BadRow::sentence() const {
    return "The row of table " + table + " with " + row + " cannot be read: " + why;
}

std::span<const Promise> promises() {
    static const std::string counts_too_few =
        "SELECT 'first_cursor ' || first_cursor FROM (SELECT first_cursor, events_before, bytes_before, "
        "LAG(events_before + events) OVER (ORDER BY first_cursor) AS events_end, "
        "LAG(bytes_before + " +
        std::string(block_size_sql) +
        ") OVER (ORDER BY first_cursor) AS bytes_end FROM journal) "
        "WHERE events_before < events_end OR bytes_before < bytes_end";
    static const std::string count_again =
        "UPDATE journal SET events_before = counted.events, bytes_before = counted.bytes FROM "
        "(SELECT first_cursor AS cursor, "
        "FIRST_VALUE(events_before) OVER (ORDER BY first_cursor) + SUM(events) OVER earlier AS events, "
        "FIRST_VALUE(bytes_before) OVER (ORDER BY first_cursor) + SUM(" +
        std::string(block_size_sql) +
        ") OVER earlier AS bytes FROM journal "
        "WINDOW earlier AS (ORDER BY first_cursor ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) "
        "AS counted WHERE first_cursor = counted.cursor AND counted.events IS NOT NULL";
    static const std::array all{
        Promise{"device_values",
                "SELECT 'device_id ' || device_id || ', alias ' || quote(alias) FROM device_values "
                "WHERE device_id NOT IN (SELECT device_id FROM identities)",
                "there is no identity with this device_id",
                "DELETE FROM device_values WHERE device_id NOT IN (SELECT device_id FROM identities)", true},
        Promise{"sessions",
                "SELECT 'device_id ' || device_id || ', client_id ' || quote(client_id) FROM sessions "
                "WHERE device_id NOT IN (SELECT device_id FROM identities)",
                "there is no identity with this device_id",
                "DELETE FROM sessions WHERE device_id NOT IN (SELECT device_id FROM identities)", true},
        Promise{"identities",
                "SELECT 'device_id ' || device_id FROM identities "
                "WHERE device_id > COALESCE((SELECT value FROM counters WHERE name = 'max_device_id'), 0)",
                "the counter max_device_id is lower, so that the id would be given again",
                "INSERT OR REPLACE INTO counters(name, value) SELECT 'max_device_id', MAX("
                "COALESCE((SELECT value FROM counters WHERE name = 'max_device_id'), 0),"
                "COALESCE((SELECT MAX(device_id) FROM identities), 0))"},
        Promise{"journal",
                "SELECT 'first_cursor ' || first_cursor FROM (SELECT first_cursor, "
                "LAG(last_cursor) OVER (ORDER BY first_cursor) AS cursor_before FROM journal) "
                "WHERE first_cursor <= cursor_before",
                "the row before it has the same cursor",
                "DELETE FROM journal WHERE first_cursor IN (SELECT first_cursor FROM (SELECT first_cursor, "
                "LAG(last_cursor) OVER (ORDER BY first_cursor) AS cursor_before FROM journal) "
                "WHERE first_cursor <= cursor_before)",
                true},
        Promise{"journal", counts_too_few, "it counts fewer events or bytes before itself than there are", count_again},
    };
    return all;
}

// The key's columns are the first ones of each table.
std::string name_of_row(const Table& table, const Query& row) {
    std::string name;
    std::string_view keys = table.forwards;
    for (int column = 0; !keys.empty(); ++column) {
        const auto end = std::min(keys.find(", "), keys.size());
        if (!name.empty()) name += ", ";
        name.append(keys.substr(0, end)).push_back(' ');
        name += row.is_integer_at(column) ? std::to_string(row.integer_at(column)) : quoted(row.bytes_at(column));
        keys.remove_prefix(std::min(end + 2, keys.size()));
    }
    return name;
}

std::optional<BadRow> check_row(const Table& table, const Query& row, const RowRules& rules) {
    const auto* found =
        std::find_if(checks.begin(), checks.end(), [&](const Check& check) { return check.table == table.name; });
    if (found == checks.end()) return std::nullopt;
    Why why;
    try {
        why = found->check(row, rules);
    } catch (const SqliteError& error) {  // a decoder's own words
        why = error.what();
    }
    if (!why) return std::nullopt;
    return BadRow{std::string(table.name), name_of_row(table, row), std::move(*why)};
}

std::optional<BadRow> first_bad_row(Connection& connection, const RowRules& rules, const Cancel* cancel) {
    for (const Table& table : tables()) {
        if (!has_table(connection, table.name)) continue;
        if (auto bad = first_bad_row_of(connection, table, rules, cancel)) return bad;
    }
    for (const Promise& promise : promises()) {
        stop_if(cancel);
        Statement select = connection.prepare(promise.broken_by);
        Query row(select);
        if (row.next()) return BadRow{std::string(promise.table), row.string_at(0), std::string(promise.why)};
    }
    return std::nullopt;
}

}  // namespace storage
