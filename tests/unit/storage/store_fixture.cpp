#include "tests/unit/storage/store_fixture.h"

#include "storage/sqlite_handle.h"

#include <chrono>
#include <sstream>
#include <stdexcept>

#include <unistd.h>

namespace storage_test {

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "murano-storage-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

void Reports::add(std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
    const std::lock_guard lock(mutex_);
    submissions_ += group.size();
    groups_.push_back({std::move(group), result});
    changed_.notify_all();
}

std::vector<Reports::Group> Reports::wait_for(std::size_t submissions) {
    std::unique_lock lock(mutex_);
    const bool there = changed_.wait_for(lock, std::chrono::minutes(1), [&] { return submissions_ >= submissions; });
    if (!there) throw std::runtime_error("the store did not report in time");
    return groups_;
}

RunningStore::RunningStore(const storage::Options& options)
    : store_(storage::open_store(options)), reader_(store_->open_reader()) {
    store_->start([this](std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
        reports_.add(std::move(group), result);
    });
}

storage::CommitResult RunningStore::commit(storage::Submission submission) {
    submission.sequence = ++submitted_;
    store_->submit(std::move(submission));
    auto result = reports_.wait_for(submitted_).back().result;
    if (!result.ok) store_->go_on();
    return result;
}

storage::CommitResult RunningStore::change(storage::Change change) {
    storage::Submission submission;
    submission.changes.push_back(std::move(change));
    return commit(std::move(submission));
}

storage::CommitResult RunningStore::value(std::int64_t device_id, storage::ValueRow row) {
    storage::Submission submission;
    submission.values.push_back({device_id, std::move(row)});
    return commit(std::move(submission));
}

storage::CommitResult RunningStore::journal(const storage::JournalBlock& block) {
    storage::Submission submission;
    submission.journal = {block};
    return commit(std::move(submission));
}

storage::IdentityRow make_identity(std::int64_t device_id, const std::string& connector, const std::string& identity) {
    storage::IdentityRow row;
    row.device_id = device_id;
    row.connector = connector;
    row.identity = identity;
    return row;
}

storage::ValueRow make_value(const std::string& alias, const std::string& reported) {
    storage::ValueRow row;
    row.alias = alias;
    row.reported = reported;
    return row;
}

storage::JournalBlock make_block(std::int64_t first_cursor, std::uint32_t events, std::size_t width) {
    storage::JournalBlock block;
    block.first_cursor = first_cursor;
    block.last_cursor = first_cursor + events - 1;
    block.first_timestamp_us = block.first_cursor * 1000;
    block.last_timestamp_us = block.last_cursor * 1000;
    block.events = events;
    for (std::int64_t cursor = first_cursor; cursor <= block.last_cursor; ++cursor) {
        std::string line = std::to_string(cursor);
        line.resize(width - 1, ' ');
        block.bytes += line + "\n";
    }
    return block;
}

std::vector<std::int64_t> cursors_in(const std::vector<storage::JournalBlock>& blocks) {
    std::vector<std::int64_t> cursors;
    for (const storage::JournalBlock& block : blocks) {
        std::istringstream lines(block.bytes);
        std::int64_t cursor = 0;
        while (lines >> cursor) cursors.push_back(cursor);
    }
    return cursors;
}

void run_sql(const std::filesystem::path& file, const std::string& sql) {
    storage::Connection(file, "").execute(sql);
}

}  // namespace storage_test
