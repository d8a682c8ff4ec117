#include "storage/writer_thread.h"

#include "storage/checkpointer.h"
#include "storage/submission_size.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>
#include <variant>

#include <sqlite3.h>

namespace storage {

namespace {

// The data of one submission are at fault, not the disk: the others of its group need not suffer.
bool blames_data(int code) {
    return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH || code == SQLITE_RANGE;
}

// It touches many rows.
bool takes_long(const Change& change) {
    return std::holds_alternative<DeleteConnector>(change) || std::holds_alternative<DeleteEverything>(change) ||
           std::holds_alternative<LoadSnapshot>(change);
}

// Longer than any commit that only copies into memory: the disk had a part in it.
constexpr std::uint64_t slow_commit_us = 1'000;

std::uint64_t microseconds_since(std::chrono::steady_clock::time_point begin) {
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count());
}

}  // namespace

void WriterThread::start(Store::Committed committed) {
    committed_ = std::move(committed);
    thread_ = std::thread([this] { run(); });
}

void WriterThread::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void WriterThread::submit(Submission&& submission) {
    const std::uint64_t size = approximate_size(submission);
    if (size <= here_bytes_ && std::ranges::none_of(submission.changes, takes_long) && begin_here()) {
        const bool committed = log_here(submission) || commit_here(submission);
        end_writing();
        if (committed) return;
    }
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(submission));
        waiting_bytes_ += size;
        queued_bytes_ += size;
    }
    wake_.notify_one();
}

bool WriterThread::begin_here() {
    const std::lock_guard lock(mutex_);
    if (writing_ || slow_ || failure_ || !queue_.empty() || checkpointer_.needs_the_writer()) return false;
    writing_ = true;
    return true;
}

bool WriterThread::log_here(Submission& submission) {
    const auto begin = std::chrono::steady_clock::now();
    if (!writer_.log(submission)) return false;
    CommitResult result;
    result.commit_us = microseconds_since(begin);
    Group group;
    group.push_back(std::move(submission));
    count(group.size(), result);
    report(std::move(group), result);
    return true;
}

// Nobody hears of a failure here: the thread tries again, and has the time to wait for others.
bool WriterThread::commit_here(Submission& submission) {
    Group group;
    group.push_back(std::move(submission));
    CommitResult result;
    if (attempt(group, GroupWriter::Patience::none, result) != SQLITE_OK) {
        submission = std::move(group.front());
        return false;
    }
    count(group.size(), result);
    report(std::move(group), result);
    checkpointer_.hand_over_if_due();
    return true;
}

// The thread is woken for what is queued, and where something is unsettled from now on.
void WriterThread::end_writing() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    const bool begins = !std::exchange(unsettled_, writer_.has_unsettled()) && unsettled_;
    if (!queue_.empty() || stopping_ || begins) wake_.notify_one();
    idle_.notify_all();
}

void WriterThread::settle() {
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return !writing_; });
    settle_alone(lock);
}

// The caller has the lock and sees that nobody writes. Throws SqliteError.
void WriterThread::settle_alone(std::unique_lock<std::mutex>& lock) {
    writing_ = true;
    lock.unlock();
    std::exception_ptr failure;
    try {
        writer_.settle(GroupWriter::Patience::usual);
        checkpointer_.hand_over_if_due();
    } catch (const std::exception&) {
        failure = std::current_exception();
    }
    end_writing();
    lock.lock();
    if (failure) std::rethrow_exception(failure);
}

void WriterThread::go_on() {
    const std::lock_guard lock(mutex_);
    failure_.reset();
}

Store::Statistics WriterThread::statistics() const {
    Store::Statistics statistics;
    statistics.commits = commits_;
    statistics.submissions = submissions_;
    statistics.failed_commits = failed_commits_;
    statistics.commit_us_sum = commit_us_sum_;
    statistics.commit_us_max = commit_us_max_;
    return statistics;
}

void WriterThread::run() {
    Group group;
    std::uint64_t bytes = 0;
    while (take(group, bytes)) {
        write(std::move(group), bytes);
        group.clear();  // whatever the callee left of it
        checkpointer_.run_if_due();
        end_writing();
    }
}

bool WriterThread::take(Group& group, std::uint64_t& bytes) {
    std::unique_lock lock(mutex_);
    wait_for_work(lock);
    if (queue_.empty()) return false;
    writing_ = true;
    group.swap(queue_);
    bytes = std::exchange(waiting_bytes_, 0);
    return true;
}

void WriterThread::write(Group&& group, std::uint64_t bytes) {
    CommitResult result;
    const int code = refuse_or_attempt(group, result);
    queued_bytes_ -= bytes;
    if (group.size() > 1 && blames_data(code)) {
        write_one_by_one(std::move(group));
    } else {
        report(std::move(group), result);
    }
}

// Those before the one that is to blame are committed; that one and all behind it fail.
void WriterThread::write_one_by_one(Group&& group) {
    for (Submission& submission : group) {
        Group single;
        single.push_back(std::move(submission));
        CommitResult result;
        refuse_or_attempt(single, result);
        report(std::move(single), result);
    }
}

// Also settles what the log has had for a while.
void WriterThread::wait_for_work(std::unique_lock<std::mutex>& lock) {
    const auto has_work = [this] { return !writing_ && (stopping_ || !queue_.empty()); };
    while (!has_work()) {
        if (!unsettled_) {
            wake_.wait(lock);
            continue;
        }
        if (wake_.wait_for(lock, settle_after_, has_work) || writing_ || !unsettled_) continue;
        try {
            settle_alone(lock);
        } catch (const std::exception&) {
            // It is kept in the log, and tried again after the same time.
        }
    }
}

bool WriterThread::refuse(CommitResult& result) {
    const std::lock_guard lock(mutex_);
    if (failure_) result = {.ok = false, .error = *failure_};
    return failure_.has_value();
}

// SQLite's result code, SQLITE_OK when committed, SQLITE_ABORT when not even tried.
int WriterThread::refuse_or_attempt(const Group& group, CommitResult& result) {
    if (refuse(result)) return SQLITE_ABORT;
    const int code = attempt(group, GroupWriter::Patience::usual, result);
    count(group.size(), result);
    return code;
}

int WriterThread::attempt(const Group& group, GroupWriter::Patience patience, CommitResult& result) {
    const auto begin = std::chrono::steady_clock::now();
    int code = SQLITE_OK;
    try {
        writer_.commit(group, patience);
    } catch (const SqliteError& error) {
        code = error.code();
        result = {.ok = false, .error = error.what()};
    } catch (const std::exception& error) {
        code = SQLITE_NOMEM;
        result = {.ok = false, .error = error.what()};
    }
    result.commit_us = microseconds_since(begin);
    return code;
}

void WriterThread::count(std::uint64_t submissions, const CommitResult& result) {
    if (!result.ok) {
        ++failed_commits_;
        return;
    }
    ++commits_;
    submissions_ += submissions;
    commit_us_sum_ += result.commit_us;
    if (result.commit_us > commit_us_max_) commit_us_max_ = result.commit_us;  // whoever writes is alone
    const std::lock_guard lock(mutex_);
    slow_ = result.commit_us > slow_commit_us;
}

void WriterThread::report(Group&& group, const CommitResult& result) {
    if (!result.ok) {
        const std::lock_guard lock(mutex_);
        failure_ = result.error;  // before anybody hears of it, who may call go_on()
    }
    for (Submission& submission : group) empty_for_reuse(submission);
    committed_(std::move(group), result);
}

}  // namespace storage
