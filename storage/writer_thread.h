#pragma once
// The thread that commits. Whatever queued while it was busy is its next group; there is no timer.

#include "storage/storage.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace storage {

class Checkpointer;
class GroupWriter;

class WriterThread {
  public:
    // Both are used by the thread alone between start() and stop().
    WriterThread(GroupWriter& writer, Checkpointer& checkpointer) : writer_(writer), checkpointer_(checkpointer) {}
    ~WriterThread() { stop(); }

    void start(Store::Committed committed);
    void stop();  // commits what is queued, then joins; may be called twice

    void submit(Submission&& submission);                         // any thread
    void go_on();                                                 // any thread: see Store
    std::uint64_t queued_bytes() const { return queued_bytes_; }  // any thread
    Store::Statistics statistics() const;                         // any thread

  private:
    using Group = std::vector<Submission>;

    void run();
    bool take(Group& group, std::uint64_t& bytes);
    void write(Group&& group, std::uint64_t bytes);
    void write_one_by_one(Group&& group);
    bool refuse(CommitResult& result);
    int attempt(const Group& group, CommitResult& result);
    void count(std::uint64_t submissions, std::uint64_t elapsed_us, bool ok);
    void report(Group&& group, const CommitResult& result);

    GroupWriter& writer_;
    Checkpointer& checkpointer_;
    Store::Committed committed_;
    std::thread thread_;

    std::mutex mutex_;
    std::condition_variable wake_;
    Group queue_;                                  // under mutex_
    std::uint64_t waiting_bytes_ = 0;              // under mutex_: of queue_
    bool stopping_ = false;                        // under mutex_
    std::optional<std::string> failure_;           // under mutex_: why nothing more is taken
    std::atomic<std::uint64_t> queued_bytes_ = 0;  // waiting_bytes_ and the group in work

    std::atomic<std::uint64_t> commits_ = 0;
    std::atomic<std::uint64_t> submissions_ = 0;
    std::atomic<std::uint64_t> failed_commits_ = 0;
    std::atomic<std::uint64_t> commit_us_sum_ = 0;
    std::atomic<std::uint64_t> commit_us_max_ = 0;
};

}  // namespace storage
