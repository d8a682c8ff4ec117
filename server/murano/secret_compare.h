#pragma once
// Secrets are compared without telling by time how much of them was right. [R12] Any thread.

#include <cstddef>
#include <string_view>

namespace murano {

// Time depends on the length of `given` alone.
inline bool same_secret(std::string_view kept, std::string_view given) {
    // volatile: the compiler may not leave early.
    volatile unsigned difference = kept.size() == given.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char other = kept.empty() ? '\0' : kept[i % kept.size()];
        difference = difference | static_cast<unsigned char>(given[i] ^ other);
    }
    return difference == 0;
}

}  // namespace murano
