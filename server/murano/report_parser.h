#pragma once
// Parses `$resource/` objects [R39] and `$resource.batch` arrays [R38] into entries of alias and value. One pass, no
// recursion; a reused buffer allocates nothing once it has grown. One thread per buffer.

#include "server/murano/finding.h"
#include "server/murano/value_format.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace murano {

struct ReportValue {
    std::string_view alias;
    RawJson value;
};

struct ReportEntry {
    std::int64_t timestamp_us = 0;
    std::size_t first = 0;  // into ReportBuffer::values()
    std::size_t count = 0;
};

// A message beyond these limits is refused as a whole.
struct ReportLimits {
    std::size_t values = SIZE_MAX;  // entries and values, nested ones included
    std::size_t bytes = SIZE_MAX;
};

// The content of a message. Views into the payload and this buffer: valid until the next parse or the end of the
// payload.
class ReportBuffer {
  public:
    explicit ReportBuffer(const ReportLimits& limits = {}) : limits_(limits) {}

    std::span<const ReportEntry> entries() const { return entries_; }
    std::span<const ReportValue> values() const { return values_; }
    std::span<const ReportValue> values(const ReportEntry& entry) const {
        return std::span(values_).subspan(entry.first, entry.count);
    }

  private:
    friend class ReportParser;
    void begin(std::string_view payload);

    ReportLimits limits_;
    std::string arena_;  // decoded strings
    std::vector<ReportEntry> entries_;
    std::vector<ReportValue> values_;
    std::vector<std::string_view> names_;  // scratch, for duplicate keys
    std::vector<std::string_view> keys_;   // scratch: the keys of one batch entry
};

struct ReportOutcome {
    std::optional<Finding> refused = std::nullopt;  // the whole message is dropped; the buffer is empty [R40]
    std::optional<Finding> note = std::nullopt;     // accepted, but a timestamp is doubtful [R38]
};

// One entry, stamped with received_us; none if the object is empty. [R39]
ReportOutcome parse_report_many(std::string_view payload, std::int64_t received_us, ReportBuffer& out);

// One entry per element, each with its own timestamp, in the payload's order; an entry may have no value. Timestamps
// are compared with received_us for doubts. [R38]
ReportOutcome parse_report_batch(std::string_view payload, std::int64_t received_us, ReportBuffer& out);

}  // namespace murano
