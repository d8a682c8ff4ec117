#pragma once
// The journal: read it, and wait for new events.
// A part of ControlPort, which has the rules for threads and errors.

#include "storage/rows.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace device {

class JournalPort {
  public:
    virtual ~JournalPort() = default;

    virtual std::vector<storage::JournalBlock> journal_blocks(std::int64_t after, std::uint32_t limit) = 0;
    // The next block; of a giant message in it only the beginning.
    virtual std::optional<storage::JournalBlock> journal_beginning(std::int64_t after) = 0;
    virtual std::int64_t newest_cursor() = 0;  // of the last event
    virtual std::uint64_t dropped_events() = 0;
    // Called after each commit with events, until unwatched. Never called during watch_events().
    virtual std::uint64_t watch_events(std::function<void()> wake) = 0;
    virtual void unwatch_events(std::uint64_t watch) = 0;
};

}  // namespace device
