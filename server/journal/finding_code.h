#pragma once
// The code of a finding names the rule and how a device broke it: "R40.comma_for_point",
// "MQTT-3.1.2-22.password_without_username". The rule ends before the first point that a small letter follows. Pure;
// any thread.

#include <cstddef>
#include <string_view>

namespace journal {

// "R40" for "R40.comma_for_point". Findings in old journals have only the rule.
constexpr std::string_view rule_of(std::string_view code) {
    for (std::size_t at = 1; at < code.size(); ++at) {
        if (code[at - 1] == '.' && code[at] >= 'a' && code[at] <= 'z') return code.substr(0, at - 1);
    }
    return code;
}

// Whether it is more than a rule.
constexpr bool is_code(std::string_view text) {
    return rule_of(text).size() < text.size();
}

}  // namespace journal
