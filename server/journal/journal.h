#pragma once
// The bounded record of what happened. Gives cursors and gathers events into blocks; the storage keeps them. Readers
// read blocks from the storage (scan.h). One thread.

#include "server/journal/event.h"
#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace journal {

// Consecutive events. The same fields as the storage's block, which takes it by moving. events == 0: nothing happened.
struct Block {
    std::int64_t first_cursor = 0;
    std::int64_t last_cursor = 0;
    std::int64_t first_timestamp_us = 0;  // the lowest and the highest: the emulator's clock may go back in between
    std::int64_t last_timestamp_us = 0;
    std::uint32_t events = 0;
    std::string bytes;
};

class Journal {
  public:
    // Cursors go on behind the newest one ever given, and never back: not at a reset either.
    explicit Journal(std::int64_t newest_cursor) : newest_cursor_(newest_cursor) {}

    // Copies the event into the open block; its cursor.
    std::int64_t append(const Event& event);

    // What came since the last call.
    std::vector<Block> take_blocks();

    // A block's bytes that nobody needs any more: the next block is written into their memory. Large ones are freed.
    void recycle(std::string bytes);

    // Cursors above `cursor` from here on, if they are not already.
    void continue_above(std::int64_t cursor) { newest_cursor_ = std::max(newest_cursor_, cursor); }

    std::int64_t newest_cursor() const { return newest_cursor_; }
    std::size_t open_bytes() const { return full_bytes_ + open_.bytes.size(); }  // not taken yet

  private:
    void begin_block();
    void begin_block_in(std::string& room);

    std::int64_t newest_cursor_;
    EventWriter writer_;
    Block open_;
    std::vector<Block> full_;  // before the open one
    std::size_t full_bytes_ = 0;
    std::vector<std::string> spare_;
};

}  // namespace journal
