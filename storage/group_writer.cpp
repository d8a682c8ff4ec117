#include "storage/group_writer.h"

#include "storage/database_file.h"
#include "storage/snapshot_load.h"

#include <algorithm>

#include <sqlite3.h>

namespace storage {

namespace {

// Changes that take values away: what came before them must be in the table by then.
template <typename Kind>
constexpr bool removes_values =
    std::is_same_v<Kind, DeleteConnector> || std::is_same_v<Kind, DeleteIdentity> ||
    std::is_same_v<Kind, DeleteValues> || std::is_same_v<Kind, DeleteEverything> || std::is_same_v<Kind, LoadSnapshot>;

}  // namespace

GroupWriter::GroupWriter(Connection& connection, const Options& options)
    : connection_(connection),
      changes_(connection),
      values_(connection),
      journal_(connection, options.file, options.journal, options.durability),
      begin_(connection.prepare("BEGIN IMMEDIATE")),
      commit_(connection.prepare("COMMIT")) {}

void GroupWriter::load() {
    journal_.load();
    max_device_ = connection_.integer("SELECT value FROM counters WHERE name = 'max_device_id'");
    written_device_ = max_device_;
    loaded_ = true;
}

void GroupWriter::commit(std::span<const Submission> group, Patience patience) {
    sqlite3_busy_timeout(connection_.get(), patience == Patience::usual ? busy_timeout_ms : 0);
    try {
        Query(begin_).run();
        if (!loaded_) load();
        for (const Submission& submission : group) apply(submission);
        values_.flush();
        journal_.finish();
        write_max_device();
        Query(commit_).run();
    } catch (...) {
        abandon();
        throw;
    }
    journal_.committed();
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
    write_max_device();
    replace_everything(connection_, change.staged);
    load();
    journal_.replaced();
}

// Values and sessions count too: if the group with their identity failed and theirs did not, a device that got the same
// id after a restart would inherit them.
void GroupWriter::note_device(std::int64_t device_id) {
    max_device_ = std::max(max_device_, device_id);
}

void GroupWriter::write_max_device() {
    if (max_device_ == written_device_) return;
    Query(connection_.cached("INSERT OR REPLACE INTO counters(name, value) VALUES('max_device_id', ?)"))
        .integer(max_device_)
        .run();
    written_device_ = max_device_;
}

}  // namespace storage
