#include "storage/group_writer.h"

#include "storage/database_file.h"
#include "storage/snapshot_load.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <sqlite3.h>

namespace storage {

namespace {

// Changes that take values away: what came before them must be in the table by then.
template <typename Kind>
constexpr bool removes_values =
    std::is_same_v<Kind, DeleteConnector> || std::is_same_v<Kind, DeleteIdentity> ||
    std::is_same_v<Kind, DeleteValues> || std::is_same_v<Kind, DeleteEverything> || std::is_same_v<Kind, LoadSnapshot>;

constexpr std::uint64_t most_log_bytes = 4 * 1024 * 1024;
constexpr std::uint64_t most_unsettled_bytes = 128 * 1024;  // the loop settles it within a commit: below a millisecond

UnsettledBlock unsettled_copy(const JournalBlock& block, const std::optional<BlockReference>& reference) {
    UnsettledBlock copy{
        {block.first_cursor, block.last_cursor, block.first_timestamp_us, block.last_timestamp_us, block.events, {}, 0},
        reference};
    if (!reference) copy.block.bytes = block.bytes;
    return copy;
}

}  // namespace

GroupWriter::GroupWriter(Connection& connection, const Options& options)
    : connection_(connection),
      changes_(connection),
      values_(connection),
      journal_(connection, options.file, options.journal, options.durability),
      redo_(options.file),
      begin_(connection.prepare("BEGIN IMMEDIATE")),
      commit_(connection.prepare("COMMIT")) {}

void GroupWriter::start() {
    const auto settled = connection_.integer(settled_sequence_sql);
    for (auto& record : redo_.records_behind(static_cast<std::uint64_t>(settled))) {
        if (!unsettled_) unsettled_ = std::make_shared<Unsettled>(journal_.merge_limits());
        unsettled_->add(record.sequence, std::move(record.values), std::move(record.journal));
    }
    if (unsettled_) {
        settle(Patience::usual);
    } else {
        load();
    }
    redo_.remove();
}

void GroupWriter::stop() noexcept {
    try {
        settle(Patience::usual);
        redo_.remove();
    } catch (const std::exception&) {
        // The log stays, and the next start settles it.
    }
}

void GroupWriter::load() {
    journal_.load(unsettled_ ? unsettled_->newest_cursor() : 0);
    max_device_ = connection_.integer("SELECT value FROM counters WHERE name = 'max_device_id'");
    written_device_ = max_device_;
    settled_sequence_ = static_cast<std::uint64_t>(connection_.integer(settled_sequence_sql));
    sequence_ = unsettled_ ? unsettled_->newest_sequence() : settled_sequence_;
    loaded_ = true;
}

void GroupWriter::commit(std::span<const Submission> group, Patience patience) {
    sqlite3_busy_timeout(connection_.get(), patience == Patience::usual ? busy_timeout_ms : 0);
    try {
        Query(begin_).run();
        if (!loaded_) load();
        apply_unsettled();
        for (const Submission& submission : group) apply(submission);
        values_.flush();
        journal_.finish();
        write_counters();
        Query(commit_).run();
    } catch (...) {
        abandon();
        throw;
    }
    journal_.committed();
    forget_unsettled();
}

void GroupWriter::settle(Patience patience) {
    if (unsettled_) commit({}, patience);
}

bool GroupWriter::log(Submission& submission) noexcept {
    if (!may_log(submission)) return false;
    try {
        log_or_throw(submission);
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

// What has changes beside values and events must be in its place among them.
bool GroupWriter::may_log(const Submission& submission) const {
    if (!loaded_ || !submission.changes.empty() || redo_.size() > most_log_bytes) return false;
    if (unsettled_ && unsettled_->bytes() > most_unsettled_bytes) return false;
    const bool fills_file = unsettled_ && JournalWriter::goes_outside(unsettled_->growing_bytes());
    std::int64_t cursor = std::max(journal_.newest_cursor(), unsettled_ ? unsettled_->newest_cursor() : 0);
    for (const auto& block : submission.journal) {
        if (block.events == 0) continue;
        if (fills_file && JournalWriter::goes_outside(block.bytes.size())) return false;  // files hold blocks in order
        if (block.first_cursor <= cursor || block.last_cursor < block.first_cursor) return false;
        cursor = block.last_cursor;
    }
    return true;
}

void GroupWriter::log_or_throw(Submission& submission) {
    if (submission.empty()) return;
    std::vector<std::optional<BlockReference>> references;
    references.reserve(submission.journal.size());
    for (const auto& block : submission.journal) references.push_back(journal_.put_outside(block));
    redo_.append(sequence_ + 1, submission, references);
    ++sequence_;
    std::vector<UnsettledBlock> blocks;
    for (std::size_t at = 0; at < references.size(); ++at) {
        auto& block = submission.journal[at];
        if (block.events > 0) blocks.push_back(unsettled_copy(block, references[at]));
    }
    if (!unsettled_) {
        const std::lock_guard lock(mutex_);
        unsettled_ = std::make_shared<Unsettled>(journal_.merge_limits());
    }
    unsettled_->add(sequence_, std::move(submission.values), std::move(blocks));
}

std::shared_ptr<const Unsettled> GroupWriter::unsettled() const {
    const std::lock_guard lock(mutex_);
    return unsettled_;
}

void GroupWriter::apply_unsettled() {
    if (!unsettled_) return;
    for (const auto& [key, row] : unsettled_->values()) {
        note_device(key.first);
        values_.put(key.first, row);
    }
    for (const auto& block : unsettled_->journal()) journal_.append(block);
}

void GroupWriter::forget_unsettled() noexcept {
    if (!unsettled_) return;
    redo_.begin_anew();
    const std::lock_guard lock(mutex_);
    unsettled_.reset();
}

void GroupWriter::abandon() noexcept {
    connection_.roll_back();
    values_.discard();
    loaded_ = false;
}

void GroupWriter::apply(const Submission& submission) {
    for (const Change& change : submission.changes) apply(change);
    for (const ValueWrite& write : submission.values) {
        note_device(write.device_id);
        values_.add(write);
    }
    for (const JournalBlock& block : submission.journal) journal_.append(block);
}

void GroupWriter::apply(const Change& change) {
    std::visit(
        [this]<typename Kind>(const Kind& kind) {
            if constexpr (removes_values<Kind>) values_.flush();
            if constexpr (std::is_same_v<Kind, PutIdentity>) note_device(kind.row.device_id);
            if constexpr (std::is_same_v<Kind, PutSession>) note_device(kind.row.device_id);
            if constexpr (std::is_same_v<Kind, LoadSnapshot>) {
                load_snapshot(kind);
            } else {
                changes_.apply(kind);
            }
        },
        change);
}

// What the writer keeps in mind of the tables is read again; ids go on from the higher ones.
void GroupWriter::load_snapshot(const LoadSnapshot& change) {
    journal_.finish();
    write_counters();
    replace_everything(connection_, change.staged);
    load();
    journal_.replaced();
}

// Values and sessions count too: if the group with their identity failed and theirs did not, a device that got the same
// id after a restart would inherit them.
void GroupWriter::note_device(std::int64_t device_id) {
    max_device_ = std::max(max_device_, device_id);
}

void GroupWriter::write_counters() {
    if (max_device_ != written_device_) write_counter("max_device_id", max_device_);
    if (sequence_ != settled_sequence_) write_counter(settled_counter, static_cast<std::int64_t>(sequence_));
    written_device_ = max_device_;
    settled_sequence_ = sequence_;
}

void GroupWriter::write_counter(std::string_view name, std::int64_t value) {
    Query(connection_.cached("INSERT OR REPLACE INTO counters(name, value) VALUES(?, ?)"))
        .text(name)
        .integer(value)
        .run();
}

}  // namespace storage
