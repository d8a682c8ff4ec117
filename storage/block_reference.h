#pragma once
// Where a large journal block is stored: its row has this reference instead of its bytes (block_files.h).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace storage {

struct BlockReference {
    std::int64_t file = 0;  // its name: the first cursor written to it
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  // bytes
    std::uint64_t checksum = 0;
    bool operator==(const BlockReference&) const = default;
};

// A journal block begins with a record's length, which is never 0; a reference begins with four zero bytes, then the
// numbers in digits, so that SQL can read the size.
inline constexpr std::size_t reference_bytes = 4 + 16 + 19 + 19 + 20;
static_assert(reference_bytes == 78, "as in the SQL below");
std::string encode_reference(const BlockReference& reference);
// Any bytes are safe; nullopt: not a reference.
std::optional<BlockReference> decode_reference(std::string_view bytes);

// SQL, for statements over table journal: whether a row has a reference, and the size of its block.
inline constexpr std::string_view is_reference_sql = "(length(bytes) = 78 AND substr(bytes, 1, 4) = x'00000000')";
inline constexpr std::string_view block_size_sql =
    "(CASE WHEN length(bytes) = 78 AND substr(bytes, 1, 4) = x'00000000' "
    "THEN CAST(substr(bytes, 5, 16) AS INTEGER) ELSE length(bytes) END)";

// Finds all damage to a few neighbouring bytes, and other damage but for one case in 10^19, at memory's speed. Against
// accidents, not against attackers.
std::uint64_t block_checksum(std::string_view bytes);

}  // namespace storage
