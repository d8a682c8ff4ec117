#include "tests/unit/protocol/vector_file.h"

#include "tests/support/packet_builder.h"

#include <fstream>
#include <stdexcept>

namespace test {
namespace {

std::vector<std::string> split_columns(std::string_view line) {
    std::vector<std::string> columns;
    for (std::size_t at = 0; at != std::string_view::npos;) {
        const std::size_t bar = line.find(" | ", at);
        columns.emplace_back(line.substr(at, bar == line.npos ? bar : bar - at));
        at = bar == line.npos ? bar : bar + 3;
    }
    return columns;
}

Vector read_row(std::string_view line, bool anonymous) {
    const auto columns = split_columns(line);
    if (columns.size() != 5) throw std::invalid_argument("not five columns");
    if (columns[1].empty()) throw std::invalid_argument("no rule");
    if (columns[4] != "open" && columns[4] != "closed") throw std::invalid_argument("neither open nor closed");
    return {columns[0], vector_bytes(columns[2]), vector_bytes(columns[3]), anonymous, columns[4] == "open"};
}

}  // namespace

std::string vector_bytes(std::string_view text) {
    std::string bytes;
    if (text == "-") return bytes;
    while (!text.empty()) {
        const std::size_t brace = text.find('{');
        bytes += from_hex(text.substr(0, brace));
        if (brace == text.npos) break;
        const std::size_t end = text.find('}', brace);
        if (end == text.npos || text.at(brace + 3) != '*') throw std::invalid_argument("not {HH*N}");
        const std::string count(text.substr(brace + 4, end - brace - 4));
        bytes += std::string(std::stoul(count), from_hex(text.substr(brace + 1, 2)).at(0));
        text.remove_prefix(end + 1);
    }
    return bytes;
}

std::vector<Vector> read_vectors(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::invalid_argument("cannot read " + path);
    std::vector<Vector> vectors;
    bool anonymous = false;
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.empty() || line.front() == '#') continue;
        try {
            if (line.front() == '@') {
                if (line != "@connect none" && line != "@connect anonymous") throw std::invalid_argument(line);
                anonymous = line == "@connect anonymous";
            } else {
                vectors.push_back(read_row(line, anonymous));
            }
        } catch (const std::exception& error) {
            throw std::invalid_argument(path + ":" + std::to_string(number) + ": " + error.what());
        }
    }
    return vectors;
}

}  // namespace test
