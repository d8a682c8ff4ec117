#pragma once
// A store without disk and thread: submissions wait until the test decides how their commit ends. The tables obey the
// schema's rules, unique names above all. One thread.

#include "storage/storage.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace test {

struct Tables {
    template <typename Row>
    using ByDevice = std::map<std::pair<std::int64_t, std::string>, Row>;

    std::map<std::string, std::string, std::less<>> connectors;  // settings
    std::map<std::int64_t, storage::IdentityRow> identities;
    ByDevice<storage::ValueRow> values;      // and alias
    ByDevice<storage::SessionRow> sessions;  // and ClientID
    std::map<std::pair<std::string, std::string>, storage::ContentRow> content;
    std::map<std::string, std::string, std::less<>> meta;
    std::vector<storage::HiddenMark> hidden;
    std::vector<storage::JournalBlock> journal;
    std::int64_t max_device_id = 0;
    std::int64_t last_cursor = 0;  // before a snapshot was loaded

    std::int64_t newest_cursor() const;  // ever committed
    const storage::IdentityRow* find(std::string_view connector, std::string_view identity) const;
    // False: a rule of the schema is broken; the tables are then half changed.
    bool apply(const storage::Submission& submission);
};

class MemoryStore final : public storage::Store {
  public:
    using Group = std::vector<storage::Submission>;

    void start(Committed) override {}
    void submit(storage::Submission&& submission) override;
    void go_on() override { failure_.reset(); }
    std::uint64_t queued_bytes() const override { return 0; }
    std::unique_ptr<storage::Reader> open_reader() override;
    Statistics statistics() const override { return {}; }

    // Commits up to `most` waiting submissions, oldest first, as one group if `ok` is set; then empties the group for
    // reuse, as the writer does. The result is not ok if a rule of the schema was broken, or after a failure until
    // go_on().
    std::pair<Group, storage::CommitResult> commit(std::size_t most, bool ok);
    bool has_failed() const { return failure_.has_value(); }  // and accepts nothing more
    void lose_waiting();                                      // a crash

    std::size_t waiting() const { return waiting_.size(); }
    const Tables& tables() const { return tables_; }
    // Called with each submission's sequence.
    void on_submit(std::function<void(std::uint64_t)> told) { told_ = std::move(told); }
    // Called with the tables after a snapshot was loaded.
    void on_load(std::function<void(const Tables&)> told) { load_told_ = std::move(told); }
    // Called with the blocks of each committed group.
    void on_journal(std::function<void(const storage::JournalBlock&)> told) { journal_told_ = std::move(told); }

  private:
    Tables tables_;
    std::deque<storage::Submission> waiting_;
    std::optional<std::string> failure_;
    std::function<void(std::uint64_t)> told_ = [](std::uint64_t) {};
    std::function<void(const Tables&)> load_told_ = [](const Tables&) {};
    std::function<void(const storage::JournalBlock&)> journal_told_ = [](const storage::JournalBlock&) {};
};

}  // namespace test
