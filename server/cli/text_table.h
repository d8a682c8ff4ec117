#pragma once
// Output for people: aligned columns, times, and values safe for a terminal.

#include "server/text/printable.h"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace cli {

using text::printable;
using text::shortened;
using text::time_text;

class TextTable {
  public:
    explicit TextTable(std::vector<std::string> heads) { add(std::move(heads)); }
    void add(std::vector<std::string> cells);  // one per head
    void print(std::ostream& out) const;

  private:
    std::vector<std::vector<std::string>> rows_;
};

// "1.4 MB"
std::string size_text(std::uint64_t bytes);

}  // namespace cli
