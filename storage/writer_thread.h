#pragma once
// The thread that commits. Everything queued while it was busy is its next group; there is no timer. Waking it and
// being woken costs two context switches, more than a small commit: while it is idle and the disk is fast, the
// submitting thread makes such a commit itself.

#include "storage/group_writer.h"
#include "storage/storage.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace storage {

class Checkpointer;

class WriterThread {
  public:
    // Between start() and stop() both are used by the thread, or within submit(), by one at a time.
    WriterThread(GroupWriter& writer, Checkpointer& checkpointer, const Options& options)
        : writer_(writer),
          checkpointer_(checkpointer),
          here_bytes_(options.commit_here_bytes),
          settle_after_(options.settle_after) {}
    ~WriterThread() { stop(); }

    void start(Store::Committed committed);
    void stop();  // commits what is queued, then joins; may be called twice

    void submit(Submission&& submission);                         // any thread
    void settle();                                                // any thread: see Store; throws SqliteError
    void go_on();                                                 // any thread: see Store
    std::uint64_t queued_bytes() const { return queued_bytes_; }  // any thread
    Store::Statistics statistics() const;                         // any thread

  private:
    using Group = std::vector<Submission>;

    void run();
    bool take(Group& group, std::uint64_t& bytes);
    void wait_for_work(std::unique_lock<std::mutex>& lock);
    void settle_alone(std::unique_lock<std::mutex>& lock);
    void write(Group&& group, std::uint64_t bytes);
    void write_one_by_one(Group&& group);
    bool begin_here();
    bool log_here(Submission& submission);
    bool commit_here(Submission& submission);
    void end_writing();
    bool refuse(CommitResult& result);
    int refuse_or_attempt(const Group& group, CommitResult& result);
    int attempt(const Group& group, GroupWriter::Patience patience, CommitResult& result);
    void count(std::uint64_t submissions, const CommitResult& result);
    void report(Group&& group, const CommitResult& result);

    GroupWriter& writer_;
    Checkpointer& checkpointer_;
    const std::uint64_t here_bytes_;
    const std::chrono::milliseconds settle_after_;
    Store::Committed committed_;
    std::thread thread_;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable idle_;                 // nobody writes any more
    Group queue_;                                  // under mutex_
    std::uint64_t waiting_bytes_ = 0;              // under mutex_: bytes of queue_
    bool stopping_ = false;                        // under mutex_
    bool writing_ = false;                         // under mutex_: somebody uses writer_ and checkpointer_
    bool unsettled_ = false;                       // under mutex_: the redo log has something
    bool slow_ = false;                            // under mutex_: the last commit waited for the disk
    std::optional<std::string> failure_;           // under mutex_: why nothing is accepted
    std::atomic<std::uint64_t> queued_bytes_ = 0;  // waiting_bytes_ and the current group

    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> submissions_ = 0;
    std::atomic<std::uint64_t> failed_commits_ = 0;
    std::atomic<std::uint64_t> commit_us_sum_ = 0;
    std::atomic<std::uint64_t> commit_us_max_ = 0;
};

}  // namespace storage
