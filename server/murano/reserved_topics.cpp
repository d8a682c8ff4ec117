#include "server/murano/reserved_topics.h"

#include "config/nearest.h"
#include "server/murano/quote.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace murano {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"resource", "resource.batch", "provision", "content"};

// The first level without the dollar sign, white space and slashes in front.
struct Split {
    std::string_view name;
    std::string_view rest;  // from the slash on
};

Split split(std::string_view topic) {
    const std::size_t start = topic.find_first_not_of("$/ \t");
    if (start == std::string_view::npos) return {};
    const std::string_view body = topic.substr(start);
    const std::size_t slash = std::min(body.find('/'), body.size());
    return {trimmed(body.substr(0, slash)), body.substr(slash)};
}

// A topic without `$` is the device's own affair unless it names a reserved word; one with it belongs to Murano, and
// slips of the finger count.
std::optional<std::string_view> meant(std::string_view name, bool with_dollar) {
    const std::size_t most = with_dollar ? 2 : 0;
    std::optional<std::string_view> best;
    std::size_t best_distance = most + 1;
    if (name.size() > config::longest_suggested_name) return std::nullopt;
    for (const std::string_view candidate : kNames) {
        const std::size_t distance = config::edit_distance(name, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace

std::optional<std::string> corrected_topic(std::string_view topic) {
    const Split parts = split(topic);
    const auto name = meant(parts.name, topic.find('$') != std::string_view::npos);
    if (!name) return std::nullopt;
    std::string out = "$" + std::string(*name);
    const bool has_level = *name == "resource" || *name == "provision";
    if (has_level) out += parts.rest;
    if (has_level && parts.rest.empty()) out += '/';
    if (out == topic) return std::nullopt;
    return out;
}

}  // namespace murano
