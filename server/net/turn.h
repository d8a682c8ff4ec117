#pragma once
// The end of a loop turn: submits the turn's changes, then writes what may leave, once per connection. All readable
// input is handled before anything is written, so that packets leave together.

#include "server/core/commit_queue.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace net {

class Connection;

// Loop thread only.
class Turn {
  public:
    explicit Turn(boost::asio::io_context& io) : io_(io) {}
    void attach(device::CommitQueue& commits);
    // A commit failed: every connection must be dropped, with its unsent output.
    void on_failure(std::function<void()> drop_all) { on_failure_ = std::move(drop_all); }
    void at_each_end(std::function<void()> work) { work_.push_back(std::move(work)); }

    void schedule();  // ends this turn soon
    void has_output(
        std::shared_ptr<Connection> connection);  // once per connection and turn: the connection keeps a flag
    void waits_for_commit(std::shared_ptr<Connection> connection);
    void wants_to_resume(std::shared_ptr<Connection> connection);  // it stopped reading because of congestion

    // Counts the calls of wants_to_resume(); `counter` outlives this.
    void count_paused(std::uint64_t& counter) { paused_count_ = &counter; }

    device::CommitQueue& commits() { return *commits_; }

  private:
    void end();
    void committed(bool ok);

    boost::asio::io_context& io_;
    device::CommitQueue* commits_ = nullptr;
    std::vector<std::shared_ptr<Connection>> output_, gated_, paused_;
    std::vector<std::function<void()>> work_;
    std::function<void()> on_failure_ = [] {};
    std::uint64_t* paused_count_ = nullptr;
    bool scheduled_ = false;
};

}  // namespace net
