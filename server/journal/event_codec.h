#pragma once
// The journal's binary form. A block is a sequence of records, each with its own length and cursor, so that two blocks
// concatenated are a block. Stored in databases: a change of the form needs a migration.
//
//   record   u32 length of the rest (little-endian)
//   rest     type | payload kind << 4, protocol, cursor (varint), timestamp (i64, little-endian), real timestamp (its
//            distance, zigzag varint), subject, payload
//   subject  connector, identity, connection id, ip (text: varint length and bytes); or, where protocol has the bit
//            0x80: how many bytes before this place the same subject is (varint)
//   data     number of reports, number of values in all, then per report: timestamp (distance from the event's),
//            number of values, then per value: kind, alias, text
//   others   their fields in the order of event.h; the claimed identity of a finding only if it has one

#include "server/journal/event.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace journal {

// An event with its place in the journal.
struct Recorded {
    std::int64_t cursor = 0;
    Event event;
    std::uint64_t missing =
        0;  // bytes missing at the end of its payload, if only the beginning of a giant block was read
};

// Writes the records of blocks, one block after another. The common part of a connection's events is written once per
// block, or a little more often if connections share a slot. One thread.
class EventWriter {
  public:
    // Allocates only for the block's growth. Throws std::length_error for an event of 4 GiB.
    void append(std::string& block, std::int64_t cursor, const Event& event);
    // The next append() goes to a new block.
    void begin_block() { subjects_.fill({}); }

  private:
    struct Place {
        std::uint32_t at = 0;  // in the block
        std::uint32_t size = 0;
    };

    std::array<Place, 256> subjects_{};  // by a hash of the connection id
};

// Reads a block. Any bytes are safe: reading ends at an invalid record, with damaged() true.
class EventReader {
  public:
    // `cut`: number of bytes missing at the end, within a giant event, the last of its block. The beginning of a
    // message or packet is read; any other event cut off ends the reading as damage does.
    explicit EventReader(std::string_view block, std::uint64_t cut = 0) : block_(block), rest_(block), cut_(cut) {}

    // The next event, or nullopt at the end. Its views point into the block and this reader: text is valid as long as
    // the block, spans of reports until the next call.
    std::optional<Recorded> next();

    std::string_view rest() const { return rest_; }  // not read yet
    bool damaged() const { return damaged_; }

  private:
    class Bytes;

    std::optional<Payload> payload(Bytes& in, unsigned kind, std::int64_t timestamp_us);
    DataPayload reports(Bytes& in, std::int64_t timestamp_us);

    void subject(Bytes& in, Event& event, bool referred);

    std::string_view block_;
    std::string_view rest_;
    std::uint64_t cut_;
    bool damaged_ = false;
    std::vector<Report> reports_;
    std::vector<NamedValue> values_;
};

}  // namespace journal
