#pragma once
// Bytes of text in a row, which it weighs beside its own size. The allocator's share is not counted.

#include "storage/rows.h"

#include <cstddef>

namespace storage {

std::size_t text_size(const IdentityRow& row);
std::size_t text_size(const ValueRow& row);
std::size_t text_size(const SessionRow& row);  // with the filters' string objects

}  // namespace storage
