#include "storage/tables.h"

#include "storage/migrations.h"
#include "storage/sqlite_handle.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

TEST_CASE("the list of tables names every table of the schema, with an order that is its key") {
    storage::Connection connection(":memory:", {});
    storage::migrate(connection, storage::migrations());
    std::set<std::string> made;
    {
        storage::Statement select = connection.prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
        storage::Query query(select);
        while (query.next()) made.insert(query.string_at(0));
    }
    std::set<std::string> listed;
    for (const auto& table : storage::tables()) {
        listed.emplace(table.name);
        for (const auto order : {table.forwards, table.backwards}) {
            CHECK_NOTHROW(
                connection.execute("SELECT * FROM " + std::string(table.name) + " ORDER BY " + std::string(order)));
        }
    }
    CHECK(made == listed);
}
