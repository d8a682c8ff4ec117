#include "server/core/commit_queue.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

namespace device {
namespace {

// Two submissions with the writer keep it busy; what comes meanwhile gathers here, where values of one alias coalesce.
constexpr unsigned max_in_flight = 2;
constexpr std::size_t most_kept = 65'536;  // changes of a submission that is used again
constexpr std::size_t most_values = 65'536;
constexpr std::size_t congestion_bytes = 16 * 1024 * 1024;

// A long list is not moved one by one where nothing is before it.
template <typename Item>
void join(std::vector<Item>& to, std::vector<Item>&& more) {
    if (to.empty()) {
        to = std::move(more);
    } else {
        std::move(more.begin(), more.end(), std::back_inserter(to));
    }
}

}  // namespace

CommitQueue::CommitQueue(storage::Store& store, journal::Journal& journal, std::function<void()> schedule_submit)
    : store_(store), journal_(journal), schedule_submit_(std::move(schedule_submit)) {
    open_.sequence = 1;
}

void CommitQueue::touch() {
    dirty_ = true;
    if (scheduled_) return;
    scheduled_ = true;
    schedule_submit_();
}

void CommitQueue::change(storage::Change change) {
    open_.changes.push_back(std::move(change));
    open_bytes_ += 256;
    touch();
}

void CommitQueue::change_many(std::vector<storage::Change>&& changes, std::vector<storage::ValueWrite>&& values) {
    const auto bytes = 256 * (changes.size() + values.size());
    open_bytes_ += bytes;
    open_many_values_ += values.size();
    note_item(bytes);
    join(open_.changes, std::move(changes));
    join(open_.values, std::move(values));
    touch();
}

void CommitQueue::value_changed(Device& device, ValueSlot& slot) {
    if (slot.dirty) return;
    slot.dirty = true;
    if (device.dirty_values.empty()) dirty_devices_.push_back(&device);
    device.dirty_values.push_back(&slot);
    touch();
    device.busy_until = gate();
}

void CommitQueue::drop_values(Device& device) {
    for (auto* slot : device.dirty_values) slot->dirty = false;
    device.dirty_values.clear();
    std::erase(dirty_devices_, &device);
}

void CommitQueue::drop_all_values() {
    while (!dirty_devices_.empty()) drop_values(*dirty_devices_.back());
}

std::int64_t CommitQueue::event(const journal::Event& event) {
    touch();
    const auto before = journal_.open_bytes();
    const auto cursor = journal_.append(event);
    note_item(journal_.open_bytes() - before);
    return cursor;
}

void CommitQueue::note_item(std::size_t bytes) {
    if (bytes >= giant_bytes) open_giant_ = std::max(open_giant_, bytes);
}

void CommitQueue::collect_values() {
    for (auto* device : dirty_devices_) {
        for (auto* slot : device->dirty_values) {
            slot->dirty = false;
            open_.values.push_back({device->row.device_id, slot->row});
        }
        device->dirty_values.clear();
        device->busy_until = open_.sequence;
    }
    dirty_devices_.clear();
}

void CommitQueue::submit() {
    scheduled_ = false;
    if (!dirty_ || failed_ || in_flight_ >= max_in_flight) return;
    collect_values();
    open_.journal.clear();
    for (auto& block : journal_.take_blocks()) {
        open_.journal.push_back({block.first_cursor, block.last_cursor, block.first_timestamp_us,
                                 block.last_timestamp_us, block.events, std::move(block.bytes)});
    }
    const auto sequence = open_.sequence;
    if (open_.has_events()) with_events_.push_back(sequence);
    if (failing_ && proof_ == 0 && !open_.empty()) proof_ = sequence;
    store_.submit(std::move(open_));
    ++in_flight_;
    dirty_ = false;
    if (open_giant_ > 0) giants_.push_back({sequence, open_giant_});
    open_bytes_ = open_giant_ = open_many_values_ = 0;
    open_ = {};
    if (!spare_.empty()) {
        open_ = std::move(spare_.back());
        spare_.pop_back();
    }
    open_.sequence = sequence + 1;
}

void CommitQueue::completed(std::vector<storage::Submission>&& group, const storage::CommitResult& result) {
    const auto newest = group.back().sequence;
    take_back(std::move(group));
    while (!giants_.empty() && giants_.front().sequence <= newest) giants_.pop_front();
    if (!result.ok && !std::exchange(failed_, true)) {
        failure_ = result.error;
        failing_ = result.error;
        proof_ = 0;
    }
    if (failed_) {
        if (in_flight_ == 0) fail_everything();
        return;
    }
    committed_ = newest;
    if (proof_ != 0 && proof_ <= committed_) {
        failing_.reset();
        proof_ = 0;
    }
    const bool events = !with_events_.empty() && with_events_.front() <= committed_;
    while (!with_events_.empty() && with_events_.front() <= committed_) with_events_.pop_front();
    tell(true, events);
}

void CommitQueue::take_back(std::vector<storage::Submission>&& group) {
    for (auto& submission : group) {
        --in_flight_;
        for (auto& block : submission.journal) journal_.recycle(std::move(block.bytes));
        const bool usual = submission.changes.capacity() <= most_kept && submission.values.capacity() <= most_kept;
        if (usual && spare_.size() < max_in_flight) spare_.push_back(std::move(submission));
    }
}

// The writer has nothing more: what is gathered goes too, and all begins again from what is committed.
void CommitQueue::fail_everything() {
    committed_before_failure_ = committed_;
    committed_ = gate();
    drop_open();
    with_events_.clear();
    store_.go_on();
    failed_ = false;
    tell(false, false);
}

void CommitQueue::drop_open() {
    const auto next = gate() + 1;
    drop_all_values();
    forget_open_events(newest_cursor());
    open_ = {};
    open_.sequence = next;
    open_bytes_ = open_giant_ = open_many_values_ = 0;
    dirty_ = false;
}

void CommitQueue::tell(bool ok, bool events) {
    // One that fails must not keep the others from hearing of it.
    std::exception_ptr failure;
    for (const auto& observer : observers_) {
        try {
            observer(ok, events);
        } catch (const std::exception&) {
            failure = std::current_exception();
        }
    }
    run_waiters(ok);
    submit();
    if (failure) std::rethrow_exception(failure);
}

void CommitQueue::when_committed(std::function<void(bool ok)> then) {
    if (idle() && !paused_) {
        then(true);
        return;
    }
    waiters_.push_back({gate(), std::move(then)});
}

void CommitQueue::go_on() {
    paused_ = false;
    touch();  // a commit follows, which lets waiters run and connections read again
}

void CommitQueue::forget_open_events(std::int64_t above_cursor) {
    for (auto& block : journal_.take_blocks()) journal_.recycle(std::move(block.bytes));
    journal_.continue_above(above_cursor);
}

void CommitQueue::run_waiters(bool ok) {
    if (paused_) return;
    // A waiter may add waiters: take those that are due out first.
    const auto due = std::stable_partition(waiters_.begin(), waiters_.end(),
                                           [&](const Waiter& waiter) { return waiter.gate <= committed_; });
    std::vector<Waiter> ready(std::make_move_iterator(waiters_.begin()), std::make_move_iterator(due));
    waiters_.erase(waiters_.begin(), due);
    for (auto& waiter : ready) waiter.then(ok);
}

bool CommitQueue::congested() const {
    if (paused_ || failed_) return true;
    std::uint64_t giant = open_giant_;
    for (const auto& item : giants_) giant = std::max<std::uint64_t>(giant, item.bytes);
    return open_bytes_ + journal_.open_bytes() + store_.queued_bytes() > congestion_bytes + giant ||
           open_.values.size() > most_values + open_many_values_;
}

}  // namespace device
