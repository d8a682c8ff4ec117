#pragma once
// Gathers the changes of one loop turn, hands them to the writer as one submission, and reports their commit. All
// output is gated by it: output made now may leave when committed() >= gate(). [R25a]

#include "server/core/device.h"
#include "server/journal/journal.h"
#include "storage/storage.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace device {

// Loop thread only, except for what the Store's callback posts to completed().
class CommitQueue {
  public:
    using Observer = std::function<void(bool ok, bool events)>;

    // `schedule_submit` asks the loop to call submit() at the end of this turn.
    CommitQueue(storage::Store& store, journal::Journal& journal, std::function<void()> schedule_submit);

    void change(storage::Change change);
    void change_many(std::vector<storage::Change>&& changes, std::vector<storage::ValueWrite>&& values);
    void value_changed(Device& device, ValueSlot& slot);
    void drop_values(Device& device);  // forgets its changes that are not submitted: the device is deleted
    void drop_all_values();
    std::int64_t event(const journal::Event& event);  // its cursor

    void touch();  // output from here on waits for all changes of this turn, later ones included
    // The gate of all changes of this turn, also those made after this call.
    std::uint64_t gate_of_turn() {
        touch();
        return gate();
    }

    // The sequence that holds all changes so far, and the newest committed one.
    std::uint64_t gate() const { return dirty_ ? open_.sequence : open_.sequence - 1; }
    std::uint64_t committed() const { return committed_; }
    // During an observer's call about a failure: the newest sequence before it, and the store's message.
    std::uint64_t committed_before_failure() const { return committed_before_failure_; }
    const std::string& failure() const { return failure_; }
    bool idle() const { return gate() <= committed_; }
    // Why the last commit failed; kept until a later one that writes something succeeds. nullopt: none has failed. A
    // commit without changes succeeds on a full disk too, and proves nothing.
    const std::optional<std::string>& failing() const { return failing_; }

    // Runs `then(ok)` when all changes so far are committed (at once if they are), or could not be.
    void when_committed(std::function<void(bool ok)> then);
    // Observers are called for every commit group, before the waiters. When a group fails, everything after it fails
    // too, submitted or still gathered, because it builds on data that was not stored. Observers are called once for a
    // failure, when the writer has nothing of it left and the store holds exactly what was committed. Gated output up
    // to committed() that has not left must never leave.
    void observe(Observer observer) { observers_.push_back(std::move(observer)); }
    // Before all others: net's, which drops the output that must not leave before any connection closes in order.
    void observe_first(Observer observer) { observers_.insert(observers_.begin(), std::move(observer)); }

    void submit();
    void completed(std::vector<storage::Submission>&& group, const storage::CommitResult& result);

    std::int64_t newest_cursor() const { return journal_.newest_cursor(); }
    void settle() { store_.settle(); }  // any thread: see Store
    std::uint64_t queued_bytes() const { return store_.queued_bytes(); }
    storage::Store::Statistics statistics() const { return store_.statistics(); }

    // While everything stored is being replaced, nothing may read or write it: connections are not read, and waiters
    // wait, due ones as well.
    void pause() { paused_ = true; }
    void go_on();
    bool paused() const { return paused_; }

    // Cursors continue above `cursor`, unless they already do.
    void continue_above(std::int64_t cursor) { journal_.continue_above(cursor); }

    // Drops this turn's events that are not submitted; the next cursor is above `cursor`.
    void forget_open_events(std::int64_t above_cursor);

    // Too much waits for the disk: stop reading from devices until the next completion. The largest single item does
    // not count, be it a message of 200 MB or a long list: other clients are not kept waiting for it. Its sender must
    // not send more before its commit.
    bool congested() const;
    static constexpr std::size_t giant_bytes = 1024 * 1024;  // an item of this size or more

  private:
    void note_item(std::size_t bytes);
    void collect_values();
    void take_back(std::vector<storage::Submission>&& group);
    void fail_everything();
    void drop_open();
    void tell(bool ok, bool events);
    void run_waiters(bool ok);

    struct Waiter {
        std::uint64_t gate;
        std::function<void(bool ok)> then;
    };

    storage::Store& store_;
    journal::Journal& journal_;
    std::function<void()> schedule_submit_;
    storage::Submission open_;
    std::vector<storage::Submission> spare_;
    std::vector<Device*> dirty_devices_;
    std::vector<Waiter> waiters_;
    std::vector<Observer> observers_;
    std::uint64_t committed_ = 0;
    std::uint64_t committed_before_failure_ = 0;
    std::string failure_;
    std::optional<std::string> failing_;
    std::uint64_t proof_ = 0;  // while failing: the first submission after the failure that writes; 0: none yet
    bool failed_ = false;      // a group has failed, and the writer still has later ones
    std::deque<std::uint64_t> with_events_;  // submitted sequences that carry events
    std::size_t open_bytes_ = 0;
    std::size_t open_giant_ = 0;        // the largest gathered item, if giant
    std::size_t open_many_values_ = 0;  // in long lists
    struct Giant {
        std::uint64_t sequence;
        std::size_t bytes;
    };
    std::deque<Giant> giants_;  // handed to the writer
    unsigned in_flight_ = 0;
    bool dirty_ = false;
    bool scheduled_ = false;
    bool paused_ = false;
};

}  // namespace device
