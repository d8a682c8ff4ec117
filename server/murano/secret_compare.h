#pragma once
// Compares secrets without revealing by time how much of them is right. [R12] Any thread.

#include <cstddef>
#include <string_view>

namespace murano {

// The time depends only on the length of `given`.
inline bool same_secret(std::string_view kept, std::string_view given) {
    // volatile keeps the compiler from leaving the loop early.
    volatile unsigned difference = kept.size() == given.size() ? 0U : 1U;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const char other = kept.empty() ? '\0' : kept[i % kept.size()];
        difference = difference | static_cast<unsigned char>(given[i] ^ other);
    }
    return difference == 0;
}

}  // namespace murano
