#pragma once
// What a submission weighs while it waits, and how it is emptied to be used again.

#include "storage/changes.h"

#include <cstdint>

namespace storage {

// Bytes, about: the rows and their text, not the allocator's share.
std::uint64_t approximate_size(const Submission& submission);

// Keeps `sequence` and the capacity of vectors and of the journal's bytes, unless one event blew that up.
void empty_for_reuse(Submission& submission);

}  // namespace storage
