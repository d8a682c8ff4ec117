#pragma once
// A store in its own folder, and a way to wait for a commit.

#include "storage/storage.h"

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace storage_test {

// Removed with its content at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::filesystem::path file(const std::string& name = "store.db") const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

// The store's reports so far.
class Reports {
  public:
    struct Group {
        std::vector<storage::Submission> submissions;
        storage::CommitResult result;
    };
    void add(std::vector<storage::Submission>&& group, const storage::CommitResult& result);
    // Waits, at most a minute, until that many submissions were reported.
    std::vector<Group> wait_for(std::size_t submissions);

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Group> groups_;
    std::size_t submissions_ = 0;
};

// A started store that submits one thing at a time, waits for its commit, and continues after a failure.
class RunningStore {
  public:
    explicit RunningStore(const storage::Options& options);
    explicit RunningStore(const TemporaryFolder& folder)
        : RunningStore(storage::Options{.file = folder.file(), .durability = storage::Durability::off}) {}

    storage::CommitResult commit(storage::Submission submission);
    storage::CommitResult change(storage::Change change);
    storage::CommitResult value(std::int64_t device_id, storage::ValueRow row);
    storage::CommitResult journal(const storage::JournalBlock& block);

    storage::Store& store() { return *store_; }
    storage::Reader& reader() { return *reader_; }
    Reports& reports() { return reports_; }

  private:
    Reports reports_;
    std::unique_ptr<storage::Store> store_;  // its thread is joined before reports_ is destroyed
    std::unique_ptr<storage::Reader> reader_;
    std::size_t submitted_ = 0;
};

storage::IdentityRow make_identity(std::int64_t device_id, const std::string& connector, const std::string& identity);
storage::ValueRow make_value(const std::string& alias, const std::string& reported);
// `events` events from `first_cursor` on, each one line of `width` bytes that names its cursor.
storage::JournalBlock make_block(std::int64_t first_cursor, std::uint32_t events, std::size_t width = 16);
// The cursors whose lines are in the blocks, in order.
std::vector<std::int64_t> cursors_in(const std::vector<storage::JournalBlock>& blocks);
void run_sql(const std::filesystem::path& file, const std::string& sql);

}  // namespace storage_test
