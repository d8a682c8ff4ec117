#pragma once
// "Did you mean …?" for keys, flags, aliases and commands.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace config {

// Edit distance: insert, delete, replace, and swap of neighbours; case is ignored. Time and memory O(|a| * |b|).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The largest edit distance at which a suggestion helps rather than misleads.
std::size_t suggestion_limit(std::string_view name);

// Longer names get no suggestion: they come from outside and would take too long.
inline constexpr std::size_t longest_suggested_name = 128;

// The candidate (anything convertible to string_view) nearest to `name`, the first of equals; nullopt: all are too far.
template <typename Range>
std::optional<std::string> nearest(std::string_view name, const Range& candidates) {
    if (name.size() > longest_suggested_name) return std::nullopt;
    std::optional<std::string> best;
    // At least one character must match: "b" is no guess for "q".
    std::size_t best_distance = std::min(suggestion_limit(name) + 1, name.size());
    for (const auto& candidate : candidates) {
        const std::string_view text(candidate);
        if (text.size() > longest_suggested_name) continue;
        const std::size_t least = std::max(text.size(), name.size()) - std::min(text.size(), name.size());
        if (least >= best_distance) continue;  // the lengths alone differ too much
        const std::size_t distance = edit_distance(name, text);
        if (distance < best_distance) {
            best_distance = distance;
            best = std::string(text);
        }
    }
    return best;
}

}  // namespace config
