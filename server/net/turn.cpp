#include "server/net/turn.h"

#include "server/net/connection.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace net {

void Turn::attach(device::CommitQueue& commits) {
    commits_ = &commits;
    commits.observe_first([this](bool ok, bool) { committed(ok); });
}

void Turn::schedule() {
    if (scheduled_) return;
    scheduled_ = true;
    boost::asio::post(io_, [this] { end(); });
}

void Turn::has_output(std::shared_ptr<Connection> connection) {
    output_.push_back(std::move(connection));
    schedule();
}

void Turn::waits_for_commit(std::shared_ptr<Connection> connection) {
    gated_.push_back(std::move(connection));
}

void Turn::wants_to_resume(std::shared_ptr<Connection> connection) {
    paused_.push_back(std::move(connection));
    if (paused_count_ != nullptr) ++*paused_count_;
}

void Turn::end() {
    scheduled_ = false;
    for (const auto& work : work_) work();
    commits_->submit();
    const auto ready = std::exchange(output_, {});
    for (const auto& connection : ready) connection->flush();
}

void Turn::committed(bool ok) {
    const auto gated = std::exchange(gated_, {});
    if (!ok) on_failure_();
    for (const auto& connection : gated) connection->flush_gated();
    if (commits_->congested()) return;
    const auto paused = std::exchange(paused_, {});
    for (const auto& connection : paused) connection->resume_after_commit();
}

}  // namespace net
