#include "server/journal/journal.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace journal {
namespace {

// A block is closed beyond this: readers take whole blocks, and the caps drop whole ones. Only one giant message makes
// a larger one.
constexpr std::size_t full_block_bytes = 64 * 1024;
constexpr std::size_t max_spare = 16;
constexpr std::size_t max_spare_bytes = 256 * 1024;  // one giant message must not stay in memory for ever

std::string* room_for(const Event& event) {
    const auto* publish = std::get_if<PublishPayload>(&event.payload);
    if (publish == nullptr || publish->room == nullptr) return nullptr;
    const auto& room = *publish->room;
    return !room.empty() && room.capacity() >= publish->payload.size() ? publish->room : nullptr;
}

}  // namespace

std::int64_t Journal::append(const Event& event) {
    if (auto* room = room_for(event)) {
        begin_block_in(*room);
    } else if (open_.bytes.size() >= full_block_bytes) {
        begin_block();
    }
    const std::int64_t cursor = newest_cursor_ + 1;
    writer_.append(open_.bytes, cursor, event);
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

void Journal::begin_block() {
    Block next;
    if (!spare_.empty()) {
        next.bytes = std::move(spare_.back());
        spare_.pop_back();
    }
    writer_.begin_block();
    full_bytes_ += open_.bytes.size();
    full_.push_back(std::exchange(open_, std::move(next)));
}

void Journal::begin_block_in(std::string& room) {
    if (open_.events > 0) begin_block();
    recycle(std::exchange(open_.bytes, std::exchange(room, {})));
    open_.bytes.clear();
}

std::vector<Block> Journal::take_blocks() {
    if (open_.events > 0) begin_block();
    full_bytes_ = 0;
    return std::exchange(full_, {});
}

void Journal::recycle(std::string bytes) {
    if (bytes.capacity() > max_spare_bytes || spare_.size() >= max_spare) return;
    bytes.clear();
    spare_.push_back(std::move(bytes));
}

}  // namespace journal
