#pragma once
// The bounded record of events. Assigns cursors and gathers events into blocks; the storage keeps them, and readers
// read them there (scan.h). One thread.

#include "server/journal/event.h"
#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace journal {

// Consecutive events. The fields of the storage's block, which is made from it by moving. events == 0: empty.
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
    // Cursors continue after the newest one ever assigned, and never go back: not at a reset either.
    explicit Journal(std::int64_t newest_cursor) : newest_cursor_(newest_cursor) {}

    // Copies the event into the open block; returns its cursor.
    std::int64_t append(const Event& event);

    // The events since the last call.
    std::vector<Block> take_blocks();

    // Takes back the memory of a block's bytes for the next block. Large ones are freed.
    void recycle(std::string bytes);

    // Continues above `cursor`, unless it already does.
    void continue_above(std::int64_t cursor) { newest_cursor_ = std::max(newest_cursor_, cursor); }

    std::int64_t newest_cursor() const { return newest_cursor_; }
    std::size_t open_bytes() const { return full_bytes_ + open_.bytes.size(); }  // not yet taken

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
