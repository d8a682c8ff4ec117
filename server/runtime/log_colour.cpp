#include "server/runtime/log_colour.h"

#include <algorithm>
#include <cstdlib>

#include <unistd.h>

namespace runtime {
namespace {

constexpr std::string_view dim = "\x1b[2m", yellow = "\x1b[33m", red = "\x1b[31m", plain = "\x1b[0m";

std::string_view colour_of(std::string_view after_time) {
    if (after_time.starts_with(" warn ")) return yellow;
    return after_time.starts_with(" error ") ? red : std::string_view();
}

}  // namespace

std::string coloured(std::string_view lines) {
    std::string text;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(line.size() + 1, lines.size()));
        const auto time = line.substr(0, line.find(' '));
        const auto rest = line.substr(time.size());
        const auto colour = colour_of(rest);
        text.append(dim).append(time).append(plain).append(colour).append(rest);
        text.append(colour.empty() ? "" : plain).append("\n");
    }
    return text;
}

bool wants_colours(int fd) {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool refused = no_color != nullptr && *no_color != '\0';
    return ::isatty(fd) == 1 && !refused && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace runtime
