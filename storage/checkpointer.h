#pragma once
// Moves the WAL back into the database, after a group was reported rather than within its commit as SQLite would: no
// PUBACK waits for it but those of the next group.

namespace storage {

class Connection;

// Writer thread only. Must not outlive the connection, and must not move.
class Checkpointer {
  public:
    explicit Checkpointer(Connection& connection);
    ~Checkpointer();
    Checkpointer(const Checkpointer&) = delete;
    Checkpointer& operator=(const Checkpointer&) = delete;

    // Cheap when nothing is due. A failure costs nothing but a longer WAL: it is tried again after the next commit.
    void run_if_due() noexcept;
    // At a clean stop: everything into the database, WAL empty.
    void finish() noexcept;

  private:
    Connection& connection_;
    int wal_pages_ = 0;
};

}  // namespace storage
