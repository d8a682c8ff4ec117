#pragma once
// Moves the WAL back into the database beside the commits: a checkpoint waits for the disk for milliseconds, and no
// PUBACK should wait with it. It runs on its own thread and connection. Under an unending flood that thread never
// catches up and the WAL would grow for ever; so beyond a size the writer does the small rest itself.

#include <atomic>
#include <memory>
#include <semaphore>
#include <thread>

namespace storage {

class Connection;

// Used by the thread that commits, one at a time, except for the thread it owns. Must not outlive the writer's
// connection, and must not move.
class Checkpointer {
  public:
    Checkpointer(Connection& writer, std::unique_ptr<Connection> own);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    // Call after each commit; cheap if nothing is due. A failure only makes the WAL longer: it is tried again.
    void run_if_due() noexcept;
    // The same for a commit that must not wait: only wakes the thread.
    void hand_over_if_due() noexcept;
    // The writer thread must make the next commit, and then does the rest.
    bool needs_the_writer() const noexcept { return wal_pages_ >= next_catching_up_; }
    // At a clean stop: moves everything into the database and empties the WAL.
    void finish() noexcept;

  private:
    void run();
    void stop() noexcept;

    Connection& writer_;
    std::unique_ptr<Connection> own_;
    int wal_pages_ = 0;     // after the last commit
    int handed_at_ = 0;     // its value when the thread was last woken
    int next_catching_up_;  // the writer does the rest from this value on
    std::atomic<bool> busy_ = false;
    std::atomic<bool> stopping_ = false;
    std::binary_semaphore wake_{0};
    std::thread thread_;
};

}  // namespace storage
