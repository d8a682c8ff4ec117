#pragma once
// The number of files and sockets that this process may open.

#include <cstdint>

namespace runtime {

// Raises the soft limit to the hard one and returns the limit in force.
std::uint64_t raise_open_file_limit();

}  // namespace runtime
