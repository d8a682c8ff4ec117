#pragma once
// The code of a finding says which rule a device broke and how: "R40.comma_for_point",
// "MQTT-3.1.2-22.password_without_username". The rule is what stands before the first point that a small letter
// follows. Pure; any thread.

#include <cstddef>
#include <string_view>

namespace journal {

// Of "R40.comma_for_point" "R40". Findings in old journals have no more than the rule.
constexpr std::string_view rule_of(std::string_view code) {
    for (std::size_t at = 1; at < code.size(); ++at) {
        if (code[at - 1] == '.' && code[at] >= 'a' && code[at] <= 'z') return code.substr(0, at - 1);
    }
    return code;
}

// Whether it says more than the rule.
constexpr bool is_code(std::string_view text) {
    return rule_of(text).size() < text.size();
}

}  // namespace journal
