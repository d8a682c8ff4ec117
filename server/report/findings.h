#pragma once
// Findings folded: a device that makes the same mistake every second has one entry, not thousands. Pure.
//
// One entry holds the findings of one device (or, where it is not known, one address) in one connector that have the
// same code, severity, packet and topic, and the same sentence but for the numbers in it. Its example is the first.

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

// By severity: how many entries there are, and how many findings they stand for. What is left out counts as an entry
// each, so that a report with too many findings never looks better than it is.
struct Tally {
    std::uint64_t entries = 0;
    std::uint64_t findings = 0;
};
struct Counts {
    Tally violations, warnings, infos;
    std::uint64_t left_out = 0;  // findings without an entry: there were too many

    Tally& of(journal::Severity severity);
};

enum class Folding : std::uint8_t { one_for_each_mistake, none };

class Findings {
  public:
    // `most_bytes`: of the entries; later findings that would need an entry of their own are left out.
    // `most_payload`: see journal::append_json().
    Findings(Folding folding, std::size_t most_bytes, std::size_t most_payload)
        : folding_(folding), most_bytes_(most_bytes), most_payload_(most_payload) {}

    // An event of another type is no finding and does nothing.
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
    std::unordered_map<std::string, std::size_t> places_;  // of entries, by what they have in common
    Counts counts_;
};

// The sentence with "#" for each number in it. A number that belongs to a name ("temp1") stays, unless it is as long as
// a timestamp.
std::string without_numbers(std::string_view sentence);

}  // namespace report
