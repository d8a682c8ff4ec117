#pragma once
// One record of the redo log as bytes: the values and blocks of one submission. Numbers are little-endian.

#include "storage/unsettled.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

struct RedoRecord {
    std::uint64_t sequence = 0;
    std::vector<ValueWrite> values;
    std::vector<UnsettledBlock> journal;
};

// Appends the record to `to`. `references`: one for each block; nullopt: the record holds the block's bytes.
void encode_record(std::string& to, std::uint64_t sequence, const Submission& submission,
                   const std::vector<std::optional<BlockReference>>& references);

// Removes the record at the front of `from`. Any bytes are safe; nullopt: `from` begins with no whole record.
std::optional<RedoRecord> take_record(std::string_view& from);

}  // namespace storage
