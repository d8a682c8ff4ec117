#include "storage/sqlite_handle.h"
#include "tests/unit/storage/store_fixture.h"

#include <algorithm>
#include <array>
#include <utility>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

IdentityRow full_identity() {
    IdentityRow row = make_identity(3, "local", "00:ee:ff");
    row.auth_type = "token";
    row.key = "secret";
    row.expire_us = 1'700'000'000'000'000;
    row.locked = row.reprovision = row.expired = row.devmode = true;
    row.last_ip = "::1";
    row.last_seen_us = 5;
    row.tags_json = R"([{"name":"a","value":"b"}])";
    return row;
}

ContentRow full_content() {
    ContentRow row;
    row.connector = "local";
    row.id = "logo.gif";
    row.file = "0001";
    row.mime = "image/gif";
    row.length = 1'234'567'890'123;
    row.sha256 = "aabb";
    row.last_modified_us = 6;
    row.tags_json = "[]";
    row.owner = "00:ee:ff";
    return row;
}

// Two connectors with one device, session, value and content item each.
void fill(RunningStore& running) {
    for (const std::int64_t device_id : {1, 2}) {
        const std::string connector = device_id == 1 ? "one" : "two";
        Submission submission;
        submission.changes.push_back(PutConnector{{connector, "{}"}});
        submission.changes.push_back(PutIdentity{make_identity(device_id, connector, "dev")});
        submission.changes.push_back(PutSession{{device_id, "client", {"#"}, false, 1}});
        ContentRow content = full_content();
        content.connector = connector;
        submission.changes.push_back(PutContent{content});
        submission.values.push_back({device_id, make_value("a", "1")});
        REQUIRE(running.commit(std::move(submission)).ok);
    }
}

}  // namespace

TEST_CASE("a connector is put, replaced and listed by name") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.change(PutConnector{{"b", "{}"}});
    running.change(PutConnector{{"a", "{}"}});
    running.change(PutConnector{{"b", R"({"x":1})"}});
    const auto connectors = running.reader().connectors();
    REQUIRE(connectors.size() == 2);
    CHECK(connectors[0].connector == "a");
    CHECK(connectors[1].settings_json == R"({"x":1})");
}

TEST_CASE("a connector goes with all that belongs to it, and with nothing else") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    fill(running);
    REQUIRE(running.change(DeleteConnector{"one"}).ok);
    Reader& reader = running.reader();
    CHECK(reader.connectors().size() == 1);
    CHECK_FALSE(reader.identity("one", "dev"));
    CHECK(reader.sessions(1).empty());
    CHECK(reader.values(1).empty());
    CHECK(reader.content("one").empty());
    CHECK(reader.identity("two", "dev"));
    CHECK(reader.sessions(2).size() == 1);
    CHECK(reader.values(2).size() == 1);
    CHECK(reader.content("two").size() == 1);
}

TEST_CASE("every field of an identity comes back, also after a restart") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        REQUIRE(running.change(PutIdentity{full_identity()}).ok);
        CHECK(running.reader().identity("local", "00:ee:ff") == full_identity());
    }
    RunningStore running(folder);
    CHECK(running.reader().identity("local", "00:ee:ff") == full_identity());
    CHECK_FALSE(running.reader().identity("other", "00:ee:ff"));
}

TEST_CASE("putting an identity replaces each field of the row of its device id") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    IdentityRow row = full_identity();
    running.change(PutIdentity{row});
    const auto put = [&] {
        running.change(PutIdentity{row});
        return running.reader().identity(row.connector, row.identity) == row;
    };
    row.last_seen_us = 77;
    CHECK(put());
    row.last_ip = "10.1.1.1";
    row.tags_json.clear();
    row.locked = row.devmode = false;
    CHECK(put());
    row.expired = false;
    CHECK(put());
    row.reprovision = false;
    CHECK(put());
    row.expire_us.reset();
    CHECK(put());
    row.expire_us = 4;
    CHECK(put());
    row.key = "other";
    CHECK(put());
    row.auth_type = "password";
    CHECK(put());
    row.identity = "renamed";
    CHECK(put());
    row.connector = "moved";
    CHECK(put());
    CHECK_FALSE(running.reader().identity("local", "00:ee:ff"));
    CHECK(running.reader().identity_counts().size() == 1);
}

TEST_CASE("an identity is found by its token while it has one, in its connector only") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    IdentityRow row = full_identity();
    running.change(PutIdentity{row});
    CHECK(running.reader().identity_by_token("local", "secret") == row);
    CHECK_FALSE(running.reader().identity_by_token("other", "secret"));
    CHECK_FALSE(running.reader().identity_by_token("local", "Secret"));
    row.auth_type = "password";
    running.change(PutIdentity{row});
    CHECK_FALSE(running.reader().identity_by_token("local", "secret"));
    row.auth_type.clear();
    row.key.clear();
    running.change(PutIdentity{row});
    CHECK_FALSE(running.reader().identity_by_token("local", ""));
}

TEST_CASE("an identity goes with its values and sessions") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    fill(running);
    REQUIRE(running.change(DeleteIdentity{1}).ok);
    CHECK_FALSE(running.reader().identity("one", "dev"));
    CHECK(running.reader().values(1).empty());
    CHECK(running.reader().sessions(1).empty());
    CHECK(running.reader().values(2).size() == 1);
    CHECK(running.reader().connectors().size() == 2);
}

TEST_CASE("a device id is never given out again") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        CHECK(running.reader().max_device_id() == 0);
        running.change(PutIdentity{make_identity(41, "local", "a")});
        running.change(PutIdentity{make_identity(7, "local", "b")});
        CHECK(running.reader().max_device_id() == 41);
        running.change(DeleteIdentity{41});
        running.change(DeleteEverything{});
        CHECK(running.reader().max_device_id() == 41);
    }
    RunningStore running(folder);
    CHECK(running.reader().max_device_id() == 41);
    running.change(PutIdentity{make_identity(42, "local", "a")});
    CHECK(running.reader().max_device_id() == 42);
}

TEST_CASE("values and sessions whose identity did not make it use up their device id, too") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.value(50, make_value("a", "1"));
    CHECK(running.reader().max_device_id() == 50);
    running.change(PutSession{{51, "c", {}, false, 0}});
    CHECK(running.reader().max_device_id() == 51);
}

TEST_CASE("[R21] a session is kept by device and client id, with any bytes in its filters") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.change(PutIdentity{make_identity(1, "local", "dev")});
    const SessionRow row{
        1, std::string("c\0d", 3), {"a/+", "", std::string("x\0y", 3), std::string(70'000, 'f')}, true, 9};
    running.change(PutSession{row});
    running.change(PutSession{{1, "other", {}, false, 2}});
    running.change(PutSession{{2, std::string("c\0d", 3), {}, false, 3}});
    REQUIRE(running.reader().sessions(1).size() == 2);
    CHECK(running.reader().sessions(1)[0] == row);

    SessionRow changed = row;
    changed.filters = {"b"};
    changed.connected = false;
    changed.last_disconnect_us = 10;
    running.change(PutSession{changed});
    CHECK(running.reader().sessions(1)[0] == changed);

    const auto owned = running.reader().all_sessions(10);
    REQUIRE(owned.size() == 2);
    CHECK(owned[0].connector == "local");
    CHECK(owned[0].identity == "dev");
    CHECK(owned[0].session == changed);
    CHECK(running.reader().all_sessions(1).size() == 1);

    running.change(DeleteSession{1, changed.client_id});
    CHECK(running.reader().sessions(1).size() == 1);
    CHECK(running.reader().sessions(2).size() == 1);
}

TEST_CASE("[R18a] sessions that a crash left connected still say so at the restart") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        running.change(PutSession{{1, "up", {"a"}, true, 5}});
        running.change(PutSession{{1, "down", {"b"}, false, 6}});
    }
    RunningStore running(folder);
    const auto sessions = running.reader().sessions(1);
    REQUIRE(sessions.size() == 2);
    CHECK(sessions[0] == SessionRow{1, "down", {"b"}, false, 6});
    CHECK(sessions[1] == SessionRow{1, "up", {"a"}, true, 5});
}

TEST_CASE("a content item is put, replaced, found and deleted") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    ContentRow row = full_content();
    running.change(PutContent{row});
    CHECK(running.reader().content_item("local", "logo.gif") == row);
    row.file = "0002";
    row.owner.clear();
    running.change(PutContent{row});
    ContentRow first = full_content();
    first.id = "a.bin";
    running.change(PutContent{first});
    CHECK(running.reader().content("local") == std::vector<ContentRow>{first, row});
    CHECK_FALSE(running.reader().content_item("other", "logo.gif"));
    running.change(DeleteContent{"local", "a.bin"});
    CHECK(running.reader().content("local") == std::vector<ContentRow>{row});
}

TEST_CASE("meta keeps any bytes under its key") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    CHECK_FALSE(running.reader().meta("clock"));
    running.change(PutMeta{"clock", "1"});
    running.change(PutMeta{"clock", std::string("\0\xff", 2)});
    CHECK(running.reader().meta("clock") == std::string("\0\xff", 2));
}

TEST_CASE("deleting everything spares journal and meta") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    fill(running);
    running.change(PutMeta{"clock", "1"});
    running.journal(make_block(1, 3));
    REQUIRE(running.change(DeleteEverything{}).ok);
    Reader& reader = running.reader();
    CHECK(reader.connectors().empty());
    CHECK(reader.identity_counts().empty());
    CHECK(reader.values(1).empty());
    CHECK(reader.sessions(1).empty());
    CHECK(reader.content("one").empty());
    CHECK(reader.meta("clock") == "1");
    CHECK(reader.journal_totals().events == 3);
}

TEST_CASE("[R55] identities to expire: window over, no credential, neither expired nor revoked") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    const auto put = [&](std::int64_t device_id, std::optional<std::int64_t> expire_us, auto&& adjust) {
        IdentityRow row = make_identity(device_id, "local", std::to_string(device_id));
        row.expire_us = expire_us;
        adjust(row);
        REQUIRE(running.change(PutIdentity{row}).ok);
    };
    put(1, 100, [](IdentityRow&) {});
    put(2, 101, [](IdentityRow&) {});
    put(3, 50, [](IdentityRow& row) { row.auth_type = "token"; });
    put(4, 50, [](IdentityRow& row) { row.expired = true; });
    put(5, 50, [](IdentityRow& row) { row.reprovision = true; });
    put(6, std::nullopt, [](IdentityRow&) {});
    put(7, 60, [](IdentityRow& row) { row.connector = "other"; });
    const auto ids = [&](std::int64_t now_us) {
        std::vector<std::int64_t> found;
        for (const IdentityRow& row : running.reader().identities_to_expire(now_us)) found.push_back(row.device_id);
        return found;
    };
    CHECK(ids(59).empty());
    CHECK(ids(100) == std::vector<std::int64_t>{7, 1});
    CHECK(ids(1000) == std::vector<std::int64_t>{7, 1, 2});
}

TEST_CASE("ten thousand identities are told, each once, by identity in byte order") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    Submission submission;
    for (std::int64_t number = 1; number <= 10'000; ++number) {
        const auto name = std::to_string(number * 7919 % 10'007);
        submission.changes.push_back(PutIdentity{make_identity(number, number % 10 == 0 ? "rare" : "usual", name)});
    }
    REQUIRE(running.commit(std::move(submission)).ok);
    std::vector<std::string> names;
    int slices = 0;
    for (std::size_t before = 1; before != names.size(); ++slices) {  // of a thousand
        before = names.size();
        const std::string after = names.empty() ? "" : names.back();
        running.reader().each_identity("usual", after, [&](const IdentityGlance& glance) {
            names.emplace_back(glance.identity);
            return names.size() % 1000 != 0;
        });
    }
    CHECK(slices == 10);
    CHECK(names.size() == 9000);
    CHECK(std::is_sorted(names.begin(), names.end()));
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
    const auto counts = running.reader().identity_counts();
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].connector == "rare");
    CHECK(counts[0].identities == 1000);
}

TEST_CASE("when each identity of a connector was last seen comes by identity, too") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    const std::array<const char*, 5> names{"b", "a", "Z", "c", "ab"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto row = make_identity(static_cast<std::int64_t>(i) + 1, i == 3 ? "other" : "local", names.at(i));
        row.last_seen_us = 100 - static_cast<std::int64_t>(i);
        REQUIRE(running.change(PutIdentity{row}).ok);
    }
    std::vector<std::pair<std::int64_t, std::int64_t>> seen;
    const auto note = [&](const IdentityGlance& glance) {
        seen.emplace_back(glance.device_id, glance.last_seen_us);
        return glance.identity != "ab";
    };
    running.reader().each_last_seen("local", "", note);
    CHECK(seen == std::vector<std::pair<std::int64_t, std::int64_t>>{{3, 98}, {2, 99}, {5, 96}});
    running.reader().each_last_seen("local", "ab", note);
    CHECK(seen.back() == std::pair<std::int64_t, std::int64_t>{1, 100});
    CHECK(seen.size() == 4);
}

TEST_CASE("lookups on the message path use an index") {
    const TemporaryFolder folder;
    { const RunningStore running(folder); }
    Connection connection(folder.file(), "");
    const auto plan = [&](const std::string& sql) {
        Statement statement = connection.prepare("EXPLAIN QUERY PLAN " + sql);
        Query query(statement);
        REQUIRE(query.next());
        return query.string_at(3);
    };
    CHECK(plan("SELECT * FROM identities WHERE auth_type = 'token' AND connector = ? AND key = ?")
              .find("identities_by_token") != std::string::npos);
    CHECK(plan("SELECT * FROM identities WHERE expire_us IS NOT NULL AND auth_type = '' AND expired = 0 AND "
               "reprovision = 0 AND expire_us <= ? ORDER BY expire_us")
              .find("identities_by_expiry") != std::string::npos);
    CHECK(plan("SELECT * FROM device_values WHERE device_id = ? ORDER BY alias").find("SEARCH") == 0);
}

}  // namespace storage
