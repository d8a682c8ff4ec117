#include "server/murano/near_miss.h"

#include "config/nearest.h"
#include "server/murano/quote.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace murano {
namespace {

constexpr std::size_t most_candidates = 1000;  // one finding must stay cheap

// A defined alias that is near enough to `alias` to have been meant (white space at its ends and case not counted).
std::optional<std::string> nearest_alias(std::string_view alias, const ResourceTable& resources) {
    std::vector<std::string_view> names;
    for (const auto& [name, rules] : resources) {
        if (names.size() == most_candidates) break;
        names.push_back(name);
    }
    return config::nearest(trimmed(alias), names);
}

}  // namespace

Finding undefined_alias(std::string_view alias, const ResourceTable& resources) {
    Finding finding{"R37.unknown_resource",
                    journal::Severity::warning,
                    "No resource " + quoted(alias) + " is defined: the value was recorded as an event but not stored.",
                    {}};
    const auto nearest = nearest_alias(alias, resources);
    if (!nearest) {
        finding.hint = "Define the resource in the connector's settings, or report to a defined alias.";
    } else if (trimmed(alias) == *nearest) {
        finding.code = "R37.alias_white_space";
        finding.hint = "Did you mean " + quoted(*nearest) + "? The alias has white space at an end.";
    } else if (lowered(trimmed(alias)) == lowered(*nearest)) {
        finding.code = "R37.alias_case";
        finding.hint = "Did you mean " + quoted(*nearest) + "? Case matters.";
    } else {
        finding.code = "R37.misspelt_alias";
        finding.hint = "Did you mean " + quoted(*nearest) + "?";
    }
    return finding;
}

Finding more_findings(std::size_t count) {
    return {"R40.more_findings", journal::Severity::warning,
            "This message has " + std::to_string(count) + " more findings, which are only counted.",
            "Correct the ones above first; the others are likely of the same kind."};
}

}  // namespace murano
