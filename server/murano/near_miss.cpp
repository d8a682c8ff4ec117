#include "server/murano/near_miss.h"

#include "server/murano/quote.h"

#include <algorithm>
#include <array>
#include <string>

namespace murano {
namespace {

constexpr std::size_t kLongestName = 64;       // longer names are not compared
constexpr std::size_t kMostCandidates = 1000;  // one finding must stay cheap

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t most) {
    if (left.size() > kLongestName || right.size() > kLongestName) return most + 1;
    if (std::max(left.size(), right.size()) - std::min(left.size(), right.size()) > most) return most + 1;
    std::array<std::size_t, kLongestName + 1> row{};
    for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const std::size_t replaced = diagonal + (lower(left[i - 1]) == lower(right[j - 1]) ? 0U : 1U);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return std::min(row[right.size()], most + 1);
}

std::optional<std::string_view> nearest_alias(std::string_view alias, const ResourceTable& resources) {
    const std::string_view wanted = trimmed(alias);
    std::optional<std::string_view> best;
    std::size_t best_distance = std::min<std::size_t>(2, wanted.size() / 2) + 1;
    std::size_t seen = 0;
    for (const auto& [name, rules] : resources) {
        if (++seen > kMostCandidates) break;
        const std::size_t distance = edit_distance(wanted, name, 2);
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
