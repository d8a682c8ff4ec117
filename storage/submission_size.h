#pragma once
// The size of a waiting submission, and emptying it for reuse.

#include "storage/changes.h"

#include <cstdint>

namespace storage {

// Approximate bytes: the rows and their text, not the allocator's share.
std::uint64_t approximate_size(const Submission& submission);

// Keeps `sequence` and the capacity of vectors and of the journal's bytes, unless one event made that too large.
void empty_for_reuse(Submission& submission);

}  // namespace storage
