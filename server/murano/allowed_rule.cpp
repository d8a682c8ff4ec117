#include "server/murano/allowed_rule.h"

#include "config/number_text.h"
#include "server/murano/decimal.h"
#include "server/murano/quote.h"

#include <algorithm>
#include <compare>
#include <cstddef>

namespace murano {

AllowedRule::AllowedRule(config::ResourceFormat format, const std::vector<config::Scalar>& allowed)
    : numeric_(format == config::ResourceFormat::number) {
    entries_.reserve(allowed.size());
    for (const config::Scalar& scalar : allowed) {
        entries_.push_back(numeric_ ? number_entry(scalar) : Entry{scalar.text, {}, {}});
    }
}

AllowedRule::Entry AllowedRule::number_entry(const config::Scalar& scalar) {
    const std::string_view text = trimmed(scalar.text);
    if (config::is_json_number(text)) return {scalar.text, std::string(text), std::string(text)};
    const auto range = config::split_number_range(text);
    if (!range) return {scalar.text, {}, {}};
    return {scalar.text, std::string(range->first), std::string(range->second)};
}

bool AllowedRule::allows(std::string_view text) const {
    if (entries_.empty()) return true;
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        if (!numeric_) return entry.text == text;
        return !entry.low.empty() && std::is_lteq(compare_numbers(entry.low, text)) &&
               std::is_lteq(compare_numbers(text, entry.high));
    });
}

std::string AllowedRule::describe() const {
    constexpr std::size_t kMostListed = 8;
    std::string out;
    for (std::size_t i = 0; i < entries_.size() && i < kMostListed; ++i) {
        if (i > 0) out += ", ";
        out += quoted(entries_[i].text);
    }
    if (entries_.size() > kMostListed) out += " and " + std::to_string(entries_.size() - kMostListed) + " more";
    return out;
}

}  // namespace murano
