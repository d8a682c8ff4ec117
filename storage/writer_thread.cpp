#include "storage/writer_thread.h"

#include "storage/checkpointer.h"
#include "storage/group_writer.h"
#include "storage/submission_size.h"

#include <chrono>
#include <utility>

#include <sqlite3.h>

namespace storage {

namespace {

// The data of one submission are at fault, not the disk: the others of its group need not suffer.
bool blames_data(int code) {
    return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH || code == SQLITE_RANGE;
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
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back(std::move(submission));
        waiting_bytes_ += size;
        queued_bytes_ += size;
    }
    wake_.notify_one();
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
    }
}

bool WriterThread::take(Group& group, std::uint64_t& bytes) {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return false;
    group.swap(queue_);
    bytes = std::exchange(waiting_bytes_, 0);
    return true;
}

void WriterThread::write(Group&& group, std::uint64_t bytes) {
    CommitResult result;
    const int code = attempt(group, result);
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
        attempt(single, result);
        report(std::move(single), result);
    }
}

bool WriterThread::refuse(CommitResult& result) {
    const std::lock_guard lock(mutex_);
    if (failure_) result = {.ok = false, .error = *failure_};
    return failure_.has_value();
}

// SQLite's result code, SQLITE_OK when committed, SQLITE_ABORT when not even tried.
int WriterThread::attempt(const Group& group, CommitResult& result) {
    if (refuse(result)) return SQLITE_ABORT;
    const auto begin = std::chrono::steady_clock::now();
    int code = SQLITE_OK;
    try {
        writer_.commit(group);
    } catch (const SqliteError& error) {
        code = error.code();
        result = {.ok = false, .error = error.what()};
    } catch (const std::exception& error) {
        code = SQLITE_NOMEM;
        result = {.ok = false, .error = error.what()};
    }
    const auto elapsed = std::chrono::steady_clock::now() - begin;
    const auto elapsed_us = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
    result.commit_us = static_cast<std::uint64_t>(elapsed_us);
    count(group.size(), result.commit_us, result.ok);
    return code;
}

void WriterThread::count(std::uint64_t submissions, std::uint64_t elapsed_us, bool ok) {
    if (!ok) {
        ++failed_commits_;
        return;
    }
    ++commits_;
    submissions_ += submissions;
    commit_us_sum_ += elapsed_us;
    if (elapsed_us > commit_us_max_) commit_us_max_ = elapsed_us;  // this thread is the only one that writes it
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
