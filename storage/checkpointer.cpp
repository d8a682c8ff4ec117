#include "storage/checkpointer.h"

#include "storage/sqlite_handle.h"

#include <utility>

#include <sqlite3.h>

namespace storage {

namespace {

constexpr int due_pages = 500;            // 4 MiB
constexpr int catching_up_pages = 2'000;  // 16 MiB
constexpr int last_busy_timeout_ms = 50;  // a stop does not wait for somebody who reads the file

void checkpoint(Connection& connection) noexcept {
    sqlite3_wal_checkpoint_v2(connection.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
}

}  // namespace

Checkpointer::Checkpointer(Connection& writer, std::unique_ptr<Connection> own)
    : writer_(writer), own_(std::move(own)), next_catching_up_(catching_up_pages), thread_([this] { run(); }) {
    const auto remember = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(writer_.get(), remember, &wal_pages_);
}

Checkpointer::~Checkpointer() {
    stop();
    sqlite3_wal_hook(writer_.get(), nullptr, nullptr);
}

void Checkpointer::run() {
    while (true) {
        wake_.acquire();
        if (stopping_) return;
        checkpoint(*own_);
        busy_ = false;
    }
}

void Checkpointer::run_if_due() noexcept {
    if (!busy_ && needs_the_writer()) {
        checkpoint(writer_);
        // Where somebody reads it cannot begin anew: not again at once.
        next_catching_up_ = wal_pages_ + due_pages;
        handed_at_ = wal_pages_;
    } else {
        hand_over_if_due();
    }
}

void Checkpointer::hand_over_if_due() noexcept {
    if (wal_pages_ < handed_at_) {  // it began anew
        handed_at_ = 0;
        next_catching_up_ = catching_up_pages;
    }
    if (!busy_ && wal_pages_ - handed_at_ >= due_pages) {
        handed_at_ = wal_pages_;
        busy_ = true;
        wake_.release();
    }
}

void Checkpointer::stop() noexcept {
    if (!thread_.joinable()) return;
    stopping_ = true;
    wake_.release();
    thread_.join();
}

void Checkpointer::finish() noexcept {
    stop();
    sqlite3_busy_timeout(writer_.get(), last_busy_timeout_ms);
    sqlite3_wal_checkpoint_v2(writer_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace storage
