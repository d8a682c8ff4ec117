#include "tests/unit/storage/store_fixture.h"

#include <limits>

#include <doctest/doctest.h>

namespace storage {

using namespace storage_test;

namespace {

ValueRow full_value() {
    ValueRow row;
    row.alias = "config_io";
    row.reported = "73.16492";
    row.set = "{}";
    row.timestamp_us = 3;
    row.newest_report_us = std::numeric_limits<std::int64_t>::min();
    row.set_timestamp_us = std::numeric_limits<std::int64_t>::max();
    row.unacknowledged = true;
    return row;
}

}  // namespace

TEST_CASE("[R40a] every field of a value comes back, exact, also after a restart") {
    const TemporaryFolder folder;
    {
        RunningStore running(folder);
        REQUIRE(running.value(1, full_value()).ok);
        CHECK(running.reader().values(1) == std::vector<ValueRow>{full_value()});
    }
    RunningStore running(folder);
    CHECK(running.reader().values(1) == std::vector<ValueRow>{full_value()});
    CHECK(running.reader().values(2).empty());
}

TEST_CASE("a value that is absent is not an empty one") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    ValueRow row = full_value();
    row.reported = "";
    row.set.reset();
    running.value(1, row);
    CHECK(running.reader().values(1) == std::vector<ValueRow>{row});
}

TEST_CASE("values and aliases may be any bytes, NULs and broken UTF-8 among them") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    ValueRow first = full_value();
    first.alias = std::string("a\0b", 3);
    first.reported = std::string("\0\xff\xfe\0", 4);
    ValueRow second = full_value();
    second.alias = std::string("a\0c", 3);
    second.set = std::string("\xc3\x28");
    running.value(1, first);
    running.value(1, second);
    CHECK(running.reader().values(1) == std::vector<ValueRow>{first, second});
}

TEST_CASE("[R6] values of 1 MiB come and go") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    ValueRow row = full_value();
    row.reported = std::string(1'048'576, '\x01');
    row.set = std::string(1'048'576, '\x02');
    running.value(1, row);
    CHECK(running.reader().values(1) == std::vector<ValueRow>{row});
    row.reported = "small";
    row.set.reset();
    running.value(1, row);
    CHECK(running.reader().values(1) == std::vector<ValueRow>{row});
}

TEST_CASE("the last write of an alias wins, within one submission and across those of a group") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    for (int round = 0; round < 50; ++round) {
        Submission submission;
        submission.values.push_back({1, make_value("a", "early")});
        submission.values.push_back({2, make_value("a", "other device")});
        submission.values.push_back({1, make_value("b", "other alias")});
        submission.values.push_back({1, make_value("a", std::to_string(round))});
        running.store().submit(std::move(submission));
    }
    running.reports().wait_for(50);
    const auto values = running.reader().values(1);
    REQUIRE(values.size() == 2);
    CHECK(values[0].reported == "49");
    CHECK(values[1].reported == "other alias");
    CHECK(running.reader().values(2).at(0).reported == "other device");
}

TEST_CASE("a submission is applied changes first, then values") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.value(1, make_value("old", "1"));
    Submission submission;
    submission.values.push_back({1, make_value("new", "2")});
    submission.changes.push_back(DeleteValues{1});
    REQUIRE(running.commit(std::move(submission)).ok);
    const auto values = running.reader().values(1);
    REQUIRE(values.size() == 1);
    CHECK(values[0].alias == "new");
}

TEST_CASE("values that were deleted in the same group do not come back") {
    const TemporaryFolder folder;
    RunningStore running(folder);
    running.change(PutIdentity{make_identity(4, "local", "dev")});
    const std::vector<std::pair<std::int64_t, Change>> removals{
        {1, DeleteValues{1}}, {2, DeleteIdentity{2}}, {4, DeleteConnector{"local"}}};
    std::size_t submitted = 1;
    for (int round = 0; round < 20; ++round) {
        for (const auto& [device_id, removal] : removals) {
            Submission write;
            write.values.push_back({device_id, make_value("a", "gone")});
            running.store().submit(std::move(write));
            Submission remove;
            if (device_id == 4) remove.changes.push_back(PutIdentity{make_identity(4, "local", "dev")});
            remove.changes.push_back(removal);
            running.store().submit(std::move(remove));
            submitted += 2;
        }
    }
    running.reports().wait_for(submitted);
    for (const std::int64_t device_id : {1, 2, 4}) CHECK(running.reader().values(device_id).empty());
}

}  // namespace storage
