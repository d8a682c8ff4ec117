#include "server/journal/journal.h"

#include "server/journal/event_codec.h"

#include <algorithm>
#include <utility>

namespace journal {
namespace {

constexpr std::size_t max_spare = 4;
constexpr std::size_t max_spare_bytes = 256 * 1024;  // one giant message must not stay in memory for ever

}  // namespace

std::int64_t Journal::append(const Event& event) {
    const std::int64_t cursor = newest_cursor_ + 1;
    append_event(open_.bytes, cursor, event);
    newest_cursor_ = cursor;
    if (open_.events++ == 0) {
        open_.first_cursor = cursor;
        open_.first_timestamp_us = open_.last_timestamp_us = event.timestamp_us;
    }
    open_.last_cursor = cursor;
    open_.first_timestamp_us = std::min(open_.first_timestamp_us, event.timestamp_us);
    open_.last_timestamp_us = std::max(open_.last_timestamp_us, event.timestamp_us);
    return cursor;
}

Block Journal::take_block() {
    if (open_.events == 0) return {};
    Block next;
    if (!spare_.empty()) {
        next.bytes = std::move(spare_.back());
        spare_.pop_back();
    }
    return std::exchange(open_, std::move(next));
}

void Journal::recycle(std::string bytes) {
    if (bytes.capacity() > max_spare_bytes || spare_.size() >= max_spare) return;
    bytes.clear();
    spare_.push_back(std::move(bytes));
}

}  // namespace journal
