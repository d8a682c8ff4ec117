#include "config/problems.h"

#include <algorithm>
#include <utility>

namespace config {

std::string to_string(const Problem& problem) {
    std::string text = problem.source;
    if (problem.line != 0) {
        text += text.empty() ? "line " : ":";
        text += std::to_string(problem.line) + ":" + std::to_string(problem.column);
    }
    if (!problem.path.empty()) text += (text.empty() ? "" : ": ") + problem.path;
    return (text.empty() ? text : text + ": ") + problem.message;
}

void Problems::error(Problem problem) {
    if (wants_errors()) {
        errors_.push_back(std::move(problem));
    } else {
        ++errors_left_out_;
    }
}

void Problems::warning(Problem problem) {
    if (wants_warnings()) warnings_.push_back(std::move(problem));
}

std::string Problems::error_text() const {
    std::string all;
    for (const Problem& problem : errors_) all += to_string(problem) + "\n";
    if (errors_left_out_ != 0) all += "and " + std::to_string(errors_left_out_) + " more\n";
    return all;
}

Position position_of(std::string_view text, std::size_t offset) {
    Position position;
    for (const char c : text.substr(0, std::min(offset, text.size()))) {
        const bool continues_a_character = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
        if (c == '\n') {
            ++position.line;
            position.column = 1;
        } else if (!continues_a_character) {
            ++position.column;
        }
    }
    return position;
}

}  // namespace config
