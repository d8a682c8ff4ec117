#pragma once
// What processes used: the server under test and this one.

#include <ctime>

namespace load {

// Processor seconds, user and system, of a process of this machine (0: this one). Throws std::system_error.
double cpu_seconds(int pid);

// Resident memory in bytes; 0 where there is no such process.
double resident_bytes(int pid);

}  // namespace load
