#include "server/cli/text_table.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ostream>

namespace cli {
namespace {

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), text::begins_character));
}

}  // namespace

void TextTable::add(std::vector<std::string> cells) {
    for (auto& cell : cells) cell = printable(cell);
    rows_.push_back(std::move(cells));
}

void TextTable::print(std::ostream& out) const {
    std::vector<std::size_t> widths(rows_.front().size(), 0);
    for (const auto& row : rows_) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            widths[column] = std::max(widths[column], characters(row[column]));
        }
    }
    for (const auto& row : rows_) {
        std::string line;
        for (std::size_t column = 0; column < row.size(); ++column) {
            line += row[column];
            if (column + 1 < row.size()) line.append(widths[column] - characters(row[column]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << "\n";
    }
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array units{"kB", "MB", "GB"};
    if (bytes < 1000) return std::to_string(bytes) + " B";
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (size /= 1000; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1000;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f %s", size, units[unit]);
    return text.data();
}

}  // namespace cli
