#pragma once
// Gathers what one turn of the loop changes, hands it to the writer as one submission, and tells when it is committed.
// Everything that leaves the server is gated by it: output made now may leave when committed() >= gate(). [R25a]

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
    void drop_values(Device& device);  // what it changed and is not submitted is forgotten: the device is deleted
    void drop_all_values();
    std::int64_t event(const journal::Event& event);  // its cursor

    void touch();  // what is sent from here on waits for this turn's changes, those that follow included
    // The gate of all that this turn changes, also of what is changed after this call.
    std::uint64_t gate_of_turn() {
        touch();
        return gate();
    }

    // The sequence that holds everything changed so far, and the newest one that is committed.
    std::uint64_t gate() const { return dirty_ ? open_.sequence : open_.sequence - 1; }
    std::uint64_t committed() const { return committed_; }
    // While observers hear of a failure: the newest sequence before it, and what the store said.
    std::uint64_t committed_before_failure() const { return committed_before_failure_; }
    const std::string& failure() const { return failure_; }
    bool idle() const { return gate() <= committed_; }
    // Why the last commit failed, until the next one that writes something succeeds; nothing: none has failed. A commit
    // without changes succeeds on a full disk too, and proves nothing.
    const std::optional<std::string>& failing() const { return failing_; }

    // Runs `then(ok)` when what was changed until now is committed (at once where it is) or could not be.
    void when_committed(std::function<void(bool ok)> then);
    // Observers hear of every commit group, before the waiters. With one that fails goes everything behind it: what was
    // submitted, and what was only gathered, for it was made on top of what is not there. Observers hear of it once,
    // when nothing of it is with the writer any more and the store holds exactly what was committed; gated output up to
    // committed() that has not left must never leave.
    void observe(Observer observer) { observers_.push_back(std::move(observer)); }
    // Before all others: net's, which throws away what must not leave before anybody closes in order.
    void observe_first(Observer observer) { observers_.insert(observers_.begin(), std::move(observer)); }

    void submit();
    void completed(std::vector<storage::Submission>&& group, const storage::CommitResult& result);

    std::int64_t newest_cursor() const { return journal_.newest_cursor(); }
    std::uint64_t queued_bytes() const { return store_.queued_bytes(); }
    storage::Store::Statistics statistics() const { return store_.statistics(); }

    // While everything that is kept is being replaced, nobody may look or write: nothing is read from connections, and
    // waiters wait, those that are due as well.
    void pause() { paused_ = true; }
    void go_on();
    bool paused() const { return paused_; }

    // Cursors go on above `cursor`, if they are not already.
    void continue_above(std::int64_t cursor) { journal_.continue_above(cursor); }

    // What happened in this turn and is not submitted goes; the next cursor is above `cursor`.
    void forget_open_events(std::int64_t above_cursor);

    // More waits for the disk than should: stop reading from devices until the next completion. The largest single item
    // that waits does not count, be it a message of 200 MB or a long list: nobody else is kept waiting for it. Whoever
    // sent it must not send more before its commit.
    bool congested() const;
    static constexpr std::size_t giant_bytes = 1024 * 1024;  // from here on an item is one of those

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
    std::uint64_t proof_ = 0;  // while failing: the first submission behind the failure that writes, 0: none yet
    bool failed_ = false;      // a group has failed, and the writer has others behind it
    std::deque<std::uint64_t> with_events_;  // submitted sequences that carry events
    std::size_t open_bytes_ = 0;
    std::size_t open_giant_ = 0;        // the largest item of what is gathered, where it is giant
    std::size_t open_many_values_ = 0;  // of long lists
    struct Giant {
        std::uint64_t sequence;
        std::size_t bytes;
    };
    std::deque<Giant> giants_;  // of what is with the writer
    unsigned in_flight_ = 0;
    bool dirty_ = false;
    bool scheduled_ = false;
    bool paused_ = false;
};

}  // namespace device
