#pragma once
// The resources used by processes: the server under test and this one.

#include <ctime>

namespace load {

// Processor seconds, user and system, of a process on this machine (0: this one). Throws std::system_error.
double cpu_seconds(int pid);

// Resident memory in bytes; 0: no such process.
double resident_bytes(int pid);

}  // namespace load
