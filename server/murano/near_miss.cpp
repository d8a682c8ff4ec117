#include "server/murano/near_miss.h"

#include "config/nearest.h"
#include "server/murano/quote.h"

#include <algorithm>
#include <cstddef>
#include <string>

namespace murano {
namespace {

constexpr std::size_t kMostCandidates = 1000;  // one finding must stay cheap

}  // namespace

std::optional<std::string_view> nearest_alias(std::string_view alias, const ResourceTable& resources) {
    const std::string_view wanted = trimmed(alias);
    if (wanted.size() > config::longest_suggested_name) return std::nullopt;
    const std::size_t limit = config::suggestion_limit(wanted);
    std::optional<std::string_view> best;
    std::size_t best_distance = std::min(limit + 1, wanted.size());  // not all of it may differ
    std::size_t seen = 0;
    for (const auto& [name, rules] : resources) {
        if (++seen > kMostCandidates) break;
        if (name.size() > wanted.size() + limit || wanted.size() > name.size() + limit) continue;
        const std::size_t distance = config::edit_distance(wanted, name);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

Finding undefined_alias(std::string_view alias, const ResourceTable& resources) {
    Finding finding{"R37",
                    journal::Severity::warning,
                    "No resource " + quoted(alias) + " is defined: the value made an event and changed no state.",
                    {}};
    const auto nearest = nearest_alias(alias, resources);
    if (!nearest) {
        finding.hint = "Define the resource in the connector's settings, or report to a defined alias.";
    } else if (trimmed(alias) == *nearest) {
        finding.hint = "Did you mean " + quoted(*nearest) + "? The alias has white space at an end.";
    } else if (lowered(trimmed(alias)) == lowered(*nearest)) {
        finding.hint = "Did you mean " + quoted(*nearest) + "? Upper and lower case differ.";
    } else {
        finding.hint = "Did you mean " + quoted(*nearest) + "?";
    }
    return finding;
}

}  // namespace murano
