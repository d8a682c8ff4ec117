// Every column of every table: what the server could not read later is refused at an import, with table and row.

#include "storage/sqlite_handle.h"
#include "storage/tables.h"
#include "tests/unit/control/kept_world.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using test::KeptWorld;

namespace {

struct Poison {
    std::string_view table, column, value;  // SQL
};

constexpr std::string_view highest = "9223372036854775807", lowest = "(-9223372036854775807 - 1)";
constexpr std::string_view bytes = "CAST(x'ff00fe80' AS TEXT)";
constexpr std::string_view deep = "replace(hex(zeroblob(100000)), '00', '[')";

constexpr std::array poisons{
    Poison{"connectors", "connector", bytes},
    Poison{"connectors", "connector", "'No Label'"},
    Poison{"connectors", "settings_json", bytes},
    Poison{"connectors", "settings_json", "''"},
    Poison{"connectors", "settings_json", "'{\"quirks\":{\"will\":7}}'"},
    Poison{"connectors", "settings_json", deep},
    Poison{"identities", "device_id", highest},
    Poison{"identities", "device_id", lowest},
    Poison{"identities", "device_id", "0"},
    Poison{"identities", "device_id", "3"},  // above the counter
    Poison{"identities", "connector", bytes},
    Poison{"identities", "identity", bytes},
    Poison{"identities", "identity", "''"},
    Poison{"identities", "auth_type", "'tokens'"},
    Poison{"identities", "locked", "2"},
    Poison{"identities", "reprovision", "-1"},
    Poison{"identities", "expired", highest},
    Poison{"identities", "devmode", "7"},
    Poison{"identities", "last_ip", bytes},
    Poison{"identities", "last_seen_us", highest},
    Poison{"identities", "last_seen_us", "-1"},
    Poison{"identities", "tags_json", "'['"},
    Poison{"identities", "tags_json", "'{}'"},
    Poison{"identities", "tags_json", deep},
    Poison{"device_values", "device_id", "7"},  // of nobody
    Poison{"device_values", "device_id", highest},
    Poison{"device_values", "alias", bytes},
    Poison{"device_values", "alias", "''"},
    Poison{"device_values", "timestamp_us", "-1"},
    Poison{"device_values", "newest_report_us", "-2"},
    Poison{"device_values", "set_timestamp_us", highest},
    Poison{"device_values", "unacknowledged", "5"},
    Poison{"sessions", "device_id", "7"},
    Poison{"sessions", "client_id", bytes},
    Poison{"sessions", "filters", "x'ff'"},
    Poison{"sessions", "filters", "x'01000000ff'"},
    Poison{"sessions", "filters", "x'0300000061232f'"},  // a#/
    Poison{"sessions", "filters", "x'ffffffff61'"},
    Poison{"sessions", "filters", "x'00000000'"},
    Poison{"sessions", "connected", "3"},
    Poison{"sessions", "last_disconnect_us", highest},
    Poison{"sessions", "last_disconnect_us", lowest},
    Poison{"content", "connector", "'a/b'"},
    Poison{"content", "id", bytes},
    Poison{"content", "file", "'../f1'"},
    Poison{"content", "mime", "'text/plain' || char(13, 10) || 'X: y'"},
    Poison{"content", "mime", bytes},
    Poison{"content", "length", "-1"},
    Poison{"content", "length", highest},
    Poison{"content", "length", "4"},  // one byte is not there
    Poison{"content", "sha256", "'ab'"},
    Poison{"content", "last_modified_us", highest},
    Poison{"content", "tags_json", "'[]'"},
    Poison{"content", "tags_json", deep},
    Poison{"content", "owner", bytes},
    Poison{"journal", "first_cursor", highest},
    Poison{"journal", "first_cursor", "2"},
    Poison{"journal", "first_cursor", "0"},
    Poison{"journal", "last_cursor", highest},
    Poison{"journal", "last_cursor", "5"},
    Poison{"journal", "events", "1"},
    Poison{"journal", "events", "0"},
    Poison{"journal", "events", highest},
    Poison{"journal", "events_before", highest},
    Poison{"journal", "events_before", "-1"},
    Poison{"journal", "bytes_before", highest},
    Poison{"journal", "bytes", "x'ff'"},
    Poison{"journal", "bytes", "x''"},
    Poison{"journal", "bytes", "zeroblob(100)"},
    Poison{"journal", "bytes", "substr(bytes, 1, length(bytes) - 1)"},
    Poison{"hidden_events", "connector", "''"},  // an identity of no connector
    Poison{"hidden_events", "last_cursor", highest},
    Poison{"hidden_events", "last_cursor", "-1"},
    Poison{"meta", "value", "x'00ff'"},
    Poison{"meta", "value", "CAST('clock 1' || char(10) || '* offset 99999999999999999999' || char(10) AS BLOB)"},
    Poison{"counters", "value", highest},
    Poison{"counters", "value", "-1"},
    Poison{"counters", "value", "1"},  // two ids were given
};

// One row of the table: the last one.
std::string sql_of(const Poison& poison) {
    for (const auto& table : storage::tables()) {
        if (table.name != poison.table) continue;
        const std::string keys(table.forwards);
        return "UPDATE " + std::string(poison.table) + " SET " + std::string(poison.column) + " = " +
               std::string(poison.value) + " WHERE (" + keys + ") = (SELECT " + keys + " FROM " +
               std::string(table.name) + " ORDER BY " + std::string(table.backwards) + " LIMIT 1)";
    }
    return {};
}

struct Column {
    std::string table, name;
};

std::vector<Column> all_columns(const std::filesystem::path& file) {
    std::vector<Column> columns;
    storage::Connection connection(file, "");
    for (const auto& table : storage::tables()) {
        auto select = connection.prepare("SELECT name FROM pragma_table_info('" + std::string(table.name) + "')");
        storage::Query row(select);
        while (row.next()) columns.push_back({std::string(table.name), row.string_at(0)});
    }
    return columns;
}

}  // namespace

TEST_CASE("what the server writes is taken, sealed and as version 0.1.0 wrote it") {
    const KeptWorld world;
    CHECK_FALSE(world.refusal(world.snapshot()));
    CHECK_FALSE(world.refusal(world.changed("")));
    CHECK_NOTHROW(world.load_and_read(world.snapshot()));
}

TEST_CASE("a value that could not be read later is refused, with table and row") {
    const KeptWorld world;
    for (const auto& poison : poisons) {
        CAPTURE(poison.table);
        CAPTURE(poison.column);
        CAPTURE(poison.value);
        const auto why = world.refusal(world.changed(sql_of(poison)));
        REQUIRE(why);
        CAPTURE(*why);
        const bool content = why->find("content item \"logo.gif\"") != std::string::npos;
        const bool counter = poison.table == "counters" && why->find("table identities") != std::string::npos;
        CHECK((why->find("table " + std::string(poison.table)) != std::string::npos || content || counter));
    }
}

TEST_CASE("every column is poisoned by the table above, or takes anything of its type") {
    const KeptWorld world;
    const std::vector<Column> free{{"identities", "key"},
                                   {"identities", "expire_us"},
                                   {"device_values", "reported_value"},
                                   {"device_values", "set_value"},
                                   {"journal", "first_timestamp_us"},
                                   {"journal", "last_timestamp_us"},
                                   {"hidden_events", "identity"},
                                   {"meta", "key"},
                                   {"counters", "name"}};
    for (const auto& column : all_columns(world.changed(""))) {
        CAPTURE(column.table);
        CAPTURE(column.name);
        const auto fits = [&](const auto& other, const auto& name) {
            return other == column.table && name == column.name;
        };
        const bool poisoned = std::any_of(poisons.begin(), poisons.end(),
                                          [&](const auto& poison) { return fits(poison.table, poison.column); });
        const bool takes_anything =
            std::any_of(free.begin(), free.end(), [&](const auto& one) { return fits(one.table, one.name); });
        CHECK((poisoned || takes_anything));
    }
}

TEST_CASE("whatever stands in a column: it is refused, or all can be read, and the next commit succeeds") {
    const KeptWorld world;
    const std::array<std::string, 12> values{std::string(highest),
                                             std::string(lowest),
                                             "4503599627370496",  // 2^52
                                             "0",
                                             "1",
                                             "-1",
                                             "NULL",
                                             "x''",
                                             "x'ff'",
                                             std::string(bytes),
                                             "''",
                                             "'x'"};
    for (const auto& column : all_columns(world.changed(""))) {
        for (const auto& value : values) {
            CAPTURE(column.table);
            CAPTURE(column.name);
            CAPTURE(value);
            std::filesystem::path file;
            try {
                file = world.changed(sql_of({column.table, column.name, value}));
            } catch (const storage::SqliteError&) {
                continue;  // the table itself refuses it
            }
            if (!world.refusal(file)) CHECK_NOTHROW(world.load_and_read(file));
        }
    }
}
