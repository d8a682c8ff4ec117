#pragma once
// Moves the WAL back into the database beside the commits: a checkpoint waits for the disk some milliseconds, in which
// no PUBACK should. Its own thread does it through a connection of its own. Under an unending flood the writer never
// lets it catch up, and the WAL would grow for ever; so beyond a size the writer does the little that is left itself.

#include <atomic>
#include <memory>
#include <semaphore>
#include <thread>

namespace storage {

class Connection;

// Used by whoever commits, one at a time, but for the thread that it owns. Must not outlive the writer's connection,
// and must not move.
class Checkpointer {
  public:
    Checkpointer(Connection& writer, std::unique_ptr<Connection> own);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    // After each commit; cheap when nothing is due. A failure costs nothing but a longer WAL: it is tried again.
    void run_if_due() noexcept;
    // The same for whoever commits and must not wait: only wakes the thread.
    void hand_over_if_due() noexcept;
    // The next commit is the writer thread's, which then does what is left.
    bool needs_the_writer() const noexcept { return wal_pages_ >= next_catching_up_; }
    // At a clean stop: everything into the database, WAL empty.
    void finish() noexcept;

  private:
    void run();
    void stop() noexcept;

    Connection& writer_;
    std::unique_ptr<Connection> own_;
    int wal_pages_ = 0;     // as the last commit left it
    int handed_at_ = 0;     // what it was when the thread was woken last
    int next_catching_up_;  // what it must be for the writer to do it
    std::atomic<bool> busy_ = false;
    std::atomic<bool> stopping_ = false;
    std::binary_semaphore wake_{0};
    std::thread thread_;
};

}  // namespace storage
