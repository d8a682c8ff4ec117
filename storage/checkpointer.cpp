#include "storage/checkpointer.h"

#include "storage/sqlite_handle.h"

#include <sqlite3.h>

namespace storage {

namespace {

constexpr int due_pages = 250;            // 4 MiB
constexpr int last_busy_timeout_ms = 50;  // a stop does not wait for somebody who reads the file

}  // namespace

Checkpointer::Checkpointer(Connection& connection) : connection_(connection) {
    const auto remember = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(connection_.get(), remember, &wal_pages_);
}

Checkpointer::~Checkpointer() {
    sqlite3_wal_hook(connection_.get(), nullptr, nullptr);
}

void Checkpointer::run_if_due() noexcept {
    if (wal_pages_ < due_pages) return;
    const int code = sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code == SQLITE_OK) wal_pages_ = 0;
}

void Checkpointer::finish() noexcept {
    sqlite3_busy_timeout(connection_.get(), last_busy_timeout_ms);
    sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

}  // namespace storage
