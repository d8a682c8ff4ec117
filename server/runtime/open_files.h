#pragma once
// How many files and sockets this process may have open.

#include <cstdint>

namespace runtime {

// Raises the soft limit to the hard one and returns what holds then.
std::uint64_t raise_open_file_limit();

}  // namespace runtime
