#pragma once
// What people read: columns that line up, times, and values without anything that a terminal would obey.

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> heads) { add(std::move(heads)); }
    void add(std::vector<std::string> cells);  // as many as there are heads
    void print(std::ostream& out) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

// Control characters as \n, \t, \x1b; values come from devices.
std::string printable(std::string_view text);

// The first `most` characters, with "…" where something was left out.
std::string shortened(std::string_view text, std::size_t most);

// "2026-11-23 06:36:33.012 UTC"; "-" for 0, which means never. µs since 1970.
std::string time_text(std::int64_t at_us);
// Of a number's text, as JSON has it.
std::string time_text(const std::string& at_us);

// "1.4 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace cli
