#pragma once
// The store as the server sees it: one writer that commits in groups, and readers of committed data.
// The caller's thread waits for the disk only in Reader queries, open_store(), and a submit() that commits itself.
// itself.

#include "storage/changes.h"
#include "storage/row_rules.h"
#include "storage/rows.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

enum class Durability : std::uint8_t { off, normal, full };  // SQLite synchronous=OFF (ephemeral), NORMAL, FULL (WAL)

struct JournalCaps {
    std::uint64_t max_events = 1'000'000;
    std::uint64_t max_bytes = 536'870'912;
};

struct Options {
    std::filesystem::path file;  // the database; created with mode 0600 if missing
    Durability durability = Durability::normal;
    JournalCaps journal = {};
    // A submission up to this size is committed within submit() if the writer is idle and the last commit did not wait
    // for the disk: handing it over would cost more than the commit. 0: never.
    std::uint64_t commit_here_bytes = 0;
    // Such a submission without changes is committed in the redo log (redo_log.h). It is in the tables after this time
    // at the latest, unless the tables cannot be written.
    std::chrono::milliseconds settle_after{250};
    // What is asked of rows that storage does not understand, at a start and by recover_database(); null: anything
    // goes.
    std::shared_ptr<const RowRules> rules = {};
    std::string vfs = {};  // name of a registered SQLite VFS; empty: the system's. Tests inject faults with it
};

// Start-up failure. what() is a sentence for the user: what is wrong with which file, what to do.
class OpenError : public std::runtime_error {
  public:
    enum class Kind : std::uint8_t { io, corrupt, newer_version };
    OpenError(Kind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
    Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

struct JournalTotals {
    std::int64_t oldest_cursor = 0;  // 0: empty
    std::int64_t newest_cursor = 0;
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    std::uint64_t dropped = 0;  // events removed by the caps, ever
};

struct IdentityCounts {
    std::string connector;
    std::uint64_t identities = 0;
};

// The fields by which lists of identities are selected.
struct IdentityGlance {
    std::int64_t device_id = 0;
    std::string_view identity;
    std::string_view tags_json;
    std::int64_t last_seen_us = 0;
    bool locked = false, reprovision = false, expired = false, devmode = false;
    bool has_credential = false;
};

// Reads committed data. One thread per Reader; where submit() commits itself, the thread that submits. Throws
// std::runtime_error when the database cannot be read.
class Reader {
  public:
    virtual ~Reader() = default;

    virtual std::int64_t max_device_id() = 0;  // the largest ever assigned; 0: none
    virtual std::vector<ConnectorRow> connectors() = 0;
    virtual std::vector<IdentityCounts> identity_counts() = 0;

    virtual std::optional<IdentityRow> identity(std::string_view connector, std::string_view identity) = 0;
    virtual std::optional<IdentityRow> identity_by_token(std::string_view connector, std::string_view token) = 0;
    // The first one whose token begins with `beginning` (not empty).
    virtual std::optional<IdentityRow> identity_by_token_beginning(std::string_view connector,
                                                                   std::string_view beginning) = 0;
    virtual std::optional<IdentityRow> identity_of_device(std::int64_t device_id) = 0;
    // A connector's identities after `after`, in byte order, until `each` returns false. The glance is valid for that
    // call only. Long lists are read in slices: the next slice continues after the last identity.
    using EachIdentity = std::function<bool(const IdentityGlance&)>;
    virtual void each_identity(std::string_view connector, std::string_view after, const EachIdentity& each) = 0;
    // Takes a third of the time: the glance has only device_id, identity and last_seen_us.
    virtual void each_last_seen(std::string_view connector, std::string_view after, const EachIdentity& each) = 0;
    // Identities whose activation window ended at or before now_us and that have not provisioned, all connectors. [R55]
    virtual std::vector<IdentityRow> identities_to_expire(std::int64_t now_us) = 0;

    virtual std::vector<ValueRow> values(std::int64_t device_id) = 0;
    virtual std::vector<SessionRow> sessions(std::int64_t device_id) = 0;
    struct OwnedSession {
        std::string connector;
        std::string identity;
        SessionRow session;
    };
    virtual std::vector<OwnedSession> all_sessions(std::uint32_t limit) = 0;

    virtual std::vector<ContentRow> content(std::string_view connector) = 0;  // sorted by id
    virtual std::optional<ContentRow> content_item(std::string_view connector, std::string_view id) = 0;

    // Blocks with cursors greater than `after`, oldest first, at most `limit`.
    virtual std::vector<JournalBlock> journal(std::int64_t after, std::uint32_t limit) = 0;
    // The first such block; of one with more than `large` bytes only the first `beginning` bytes are read.
    virtual std::optional<JournalBlock> journal_beginning(std::int64_t after, std::uint64_t large,
                                                          std::uint64_t beginning) = 0;
    virtual JournalTotals journal_totals() = 0;
    virtual std::vector<HiddenMark> hidden_events() = 0;

    virtual std::optional<std::string> meta(std::string_view key) = 0;

    // While a View lives, all reads see the same commit and cost about a third less, because SQLite's locks are taken
    // once. Keep it short: later commits cannot leave the WAL meanwhile.
    class View {
      public:
        explicit View(Reader& reader) : reader_(reader) { reader_.begin_view(); }
        ~View() { reader_.end_view(); }
        View(const View&) = delete;
        View& operator=(const View&) = delete;

      private:
        Reader& reader_;
    };

  protected:
    virtual void begin_view() {}
    virtual void end_view() noexcept {}
};

struct CommitResult {
    bool ok = true;
    std::string error;            // SQLite's message, for the log
    std::uint64_t commit_us = 0;  // time the group took, real time
};

// Owns the database and the writer thread.
class Store {
  public:
    // Called once per commit group, on the writer thread or within submit(), with the group's submissions in order,
    // emptied for reuse (except `sequence`). It must not block, throw or submit; it hands over to the loop.
    using Committed = std::function<void(std::vector<Submission>&& group, const CommitResult& result)>;

    virtual ~Store() = default;  // commits what was submitted, then joins the writer

    virtual void start(Committed committed) = 0;       // once, before the first submit
    virtual void submit(Submission&& submission) = 0;  // any thread; see Options::commit_here_bytes

    // After a failed group the writer accepts nothing: later submissions build on data that was not stored. Each is
    // reported as failed with the first reason, untried, until go_on() is called. Its caller has been told of all that
    // was submitted and has returned to the committed state. Any thread; no effect without a failure.
    virtual void go_on() = 0;

    // Writes everything committed so far to the tables, for a caller that reads the database's file itself; a Reader
    // sees it in any case. Any thread; waits for the writer. Throws std::runtime_error.
    virtual void settle() {}

    virtual std::uint64_t queued_bytes() const = 0;     // submitted and not yet committed, for backpressure; any thread
    virtual std::unique_ptr<Reader> open_reader() = 0;  // the store outlives it

    struct Statistics {
        std::uint64_t commits = 0, submissions = 0, failed_commits = 0;
        std::uint64_t commit_us_sum = 0, commit_us_max = 0;
    };
    virtual Statistics statistics() const = 0;  // any thread
};

// Opens or creates the database and migrates an older one. Sessions that a crash left `connected` stay so: the owner,
// who has the clock, decides when they ended [R18a]. Throws OpenError.
std::unique_ptr<Store> open_store(const Options& options);

}  // namespace storage
