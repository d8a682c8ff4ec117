// --recover: rows that cannot be read are left out and told, the others stay, and the next start succeeds.

#include "storage/recovery.h"

#include "tests/unit/control/kept_world.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace {

struct World : test::KeptWorld {
    storage::Options options() const {
        return {.file = folder().file(), .rules = std::make_shared<const storage::RowRules>(rules())};
    }
    void spoil(const std::string& sql) const { storage_test::run_sql(folder().file(), sql); }
    std::optional<std::string> start_error() const {
        try {
            storage::open_store(options());
        } catch (const storage::OpenError& error) {
            CHECK(error.kind() == storage::OpenError::Kind::corrupt);
            return error.what();
        }
        return std::nullopt;
    }
};

bool told(const storage::Recovery& recovery, const std::string& table, const std::string& row, const std::string& why) {
    return std::any_of(recovery.left_out.begin(), recovery.left_out.end(), [&](const auto& one) {
        return one.table == table && one.row.find(row) != std::string::npos && one.why.find(why) != std::string::npos;
    });
}

}  // namespace

TEST_CASE("a sound database is left alone") {
    const World world;
    CHECK_FALSE(storage::recover_database(world.options(), "1"));
    CHECK_FALSE(world.start_error());
}

TEST_CASE("a damaged row is refused at the start with the way out, left out by a recovery, and told") {
    const World world;
    world.spoil(
        "UPDATE sessions SET filters = x'ff'; UPDATE identities SET tags_json = '[' WHERE device_id = 2;"
        "UPDATE counters SET value = 0 WHERE name = 'max_device_id'");
    const auto error = world.start_error();
    REQUIRE(error);
    CAPTURE(*error);
    CHECK(error->find("--recover") != std::string::npos);
    CHECK(error->find("table ") != std::string::npos);

    const auto recovery = storage::recover_database(world.options(), "1");
    REQUIRE(recovery);
    CHECK(recovery->rows_left_out == 2);
    CHECK(told(*recovery, "sessions", "device_id 1, client_id \"client\"", "topic filters"));
    CHECK(told(*recovery, "identities", "device_id 2", "tags"));
    CHECK_FALSE(world.start_error());
    storage_test::RunningStore running(world.options());
    CHECK(running.reader().identity("local", "12345"));
    CHECK_FALSE(running.reader().identity("local", "by-certificate"));
    CHECK(running.reader().max_device_id() == 1);
    CHECK(running.reader().values(1).size() == 1);
    CHECK_FALSE(storage::recover_database(world.options(), "2"));
}

TEST_CASE("values of an identity that is left out go with it") {
    const World world;
    world.spoil("UPDATE identities SET auth_type = 'x' WHERE device_id = 1");
    const auto recovery = storage::recover_database(world.options(), "1");
    REQUIRE(recovery);
    CHECK(told(*recovery, "identities", "device_id 1", "auth_type"));
    CHECK(told(*recovery, "device_values", "device_id 1, alias 'data_in'", "no identity"));
    CHECK(told(*recovery, "sessions", "device_id 1", "no identity"));
    CHECK_FALSE(world.start_error());
}

TEST_CASE("a row of the journal whose events have other cursors is left out, and the others stay") {
    const World world;
    world.spoil("INSERT INTO journal SELECT 100, 100, 0, 0, 1, events, length(bytes), bytes FROM journal");
    const auto recovery = storage::recover_database(world.options(), "1");
    REQUIRE(recovery);
    CHECK(recovery->rows_left_out == 1);
    CHECK(told(*recovery, "journal", "first_cursor 100", "cursor"));
    CHECK_FALSE(world.start_error());
    storage_test::RunningStore running(world.options());
    CHECK(running.reader().journal(0, 10).size() == 1);
    CHECK(running.journal(storage_test::make_block(1000, 1)).ok);
}

TEST_CASE("a journal whose counts are wrong is counted again, with all its events") {
    const storage_test::TemporaryFolder folder;
    const storage::Options options{.file = folder.file(),
                                   .durability = storage::Durability::off,
                                   .rules = std::make_shared<const storage::RowRules>()};
    storage::JournalTotals before;
    {
        storage_test::RunningStore running(options);
        for (const std::int64_t cursor : {1, 3, 5})
            REQUIRE(running.journal(storage_test::make_block(cursor, 2, 5000)).ok);
        before = running.reader().journal_totals();
    }
    storage_test::run_sql(folder.file(), "UPDATE journal SET events_before = 0, bytes_before = 0");
    CHECK_THROWS_AS(storage::open_store(options), storage::OpenError);
    const auto recovery = storage::recover_database(options, "1");
    REQUIRE(recovery);
    CHECK(recovery->rows_left_out == 0);
    storage_test::RunningStore running(options);
    const auto after = running.reader().journal_totals();
    CHECK(after.events == before.events);
    CHECK(after.bytes == before.bytes);
    CHECK(after.newest_cursor == before.newest_cursor);
}
