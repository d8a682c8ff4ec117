#pragma once

#include <cstdlib>

namespace fuzz {

// A property that must hold for every input; the fuzzer and the replay both see an abort.
inline void require(bool holds) {
    if (!holds) std::abort();
}

}  // namespace fuzz
