#pragma once
// Folds findings: a device that repeats a mistake every second has one entry, not thousands. Pure.
//
// An entry holds the findings of one device (or one address, if the device is unknown) on one connector with the same
// code, severity, packet and topic, and the same sentence except for its numbers. Its example is the first.

#include "server/journal/event_codec.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace report {

struct Entry {
    std::string example;  // the first finding, as JSON; see journal/event_json.h
    std::uint64_t count = 1;
    std::int64_t first_us = 0;  // emulator's clock
    std::int64_t last_us = 0;
};

// Per severity: the number of entries, and of the findings in them. Each finding left out counts as an entry, so that a
// report with too many findings never looks better than it is.
struct Tally {
    std::uint64_t entries = 0;
    std::uint64_t findings = 0;
};
struct Counts {
    Tally violations, warnings, infos;
    std::uint64_t left_out = 0;  // findings without an entry, because there were too many

    Tally& of(journal::Severity severity);
};

enum class Folding : std::uint8_t { one_for_each_mistake, none };

class Findings {
  public:
    // `most_bytes`: of all entries; later findings that would need a new entry are left out. `most_payload`: see
    // journal::append_json().
    Findings(Folding folding, std::size_t most_bytes, std::size_t most_payload)
        : folding_(folding), most_bytes_(most_bytes), most_payload_(most_payload) {}

    // No effect for events of other types.
    void add(const journal::Recorded& recorded);

    const std::vector<Entry>& entries() const { return entries_; }  // in the order of their first finding
    const Counts& counts() const { return counts_; }
    std::size_t bytes() const { return bytes_; }

  private:
    void begin_entry(std::string key, const journal::Recorded& recorded);

    Folding folding_;
    std::size_t most_bytes_;
    std::size_t most_payload_;
    std::size_t bytes_ = 0;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::size_t> places_;  // index of an entry, by what its findings have in common
    Counts counts_;
};

// The sentence with "#" for each number. A number within a name ("temp1") stays, unless it is as long as a timestamp.
std::string without_numbers(std::string_view sentence);

}  // namespace report
