#pragma once
// Where a large block of the journal stands: its row has such a reference instead of its bytes (block_files.h).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storage {

struct BlockReference {
    std::int64_t file = 0;  // its name: the first cursor that was written to it
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  // bytes
    std::uint64_t checksum = 0;
    bool operator==(const BlockReference&) const = default;
};

// A block of the journal begins with a record's length, which is not 0; a reference begins with four zeros. Then the
// numbers in digits, so that SQL can read the size.
inline constexpr std::size_t reference_bytes = 4 + 16 + 19 + 19 + 20;
static_assert(reference_bytes == 78, "as in the SQL below");
std::string encode_reference(const BlockReference& reference);
// Any bytes are safe; nothing: these are no reference.
std::optional<BlockReference> decode_reference(std::string_view bytes);

// SQL, in a statement over table journal: whether a row has a reference, and how large its block is.
inline constexpr std::string_view is_reference_sql = "(length(bytes) = 78 AND substr(bytes, 1, 4) = x'00000000')";
inline constexpr std::string_view block_size_sql =
    "(CASE WHEN length(bytes) = 78 AND substr(bytes, 1, 4) = x'00000000' "
    "THEN CAST(substr(bytes, 5, 16) AS INTEGER) ELSE length(bytes) END)";

// Finds every damage to a few neighbouring bytes, and others but for one in 10^19, at memory's speed. Against
// accidents, not against somebody who means it.
std::uint64_t block_checksum(std::string_view bytes);

}  // namespace storage
