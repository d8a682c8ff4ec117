#pragma once

#include <cstdio>
#include <cstdlib>

namespace fuzz {

// A property that must hold for every input; on failure fuzzer and replay see an abort and its place.
inline void require(bool holds, const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    if (holds) return;
    std::fprintf(stderr, "%s:%d: this does not hold\n", file, line);
    std::abort();
}

}  // namespace fuzz
