#pragma once
// Records of the redo log: a decoded record has the size that encoding gives it. Rows of the journal: the first 78 bytes
// are a row, the rest is the file that it may refer to; what is read lies within the file, and has the checksum if whole.

#include "storage/block_files.h"
#include "storage/redo_record.h"
#include "tests/fuzz/targets/require.h"

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace fuzz {

inline void record(std::string_view bytes) {
    std::string_view rest = bytes;
    const auto read = storage::take_record(rest);
    if (!read) return;
    storage::Submission submission;
    submission.values = read->values;
    std::vector<std::optional<storage::BlockReference>> references;
    for (const auto& each : read->journal) {
        submission.journal.push_back(each.block);
        references.push_back(each.reference);
    }
    std::string written;
    storage::encode_record(written, read->sequence, submission, references);
    require(written.size() == bytes.size() - rest.size());
}

// As a record whose checksum is right: random bytes hardly have one.
inline void record_with_checksum(std::string_view bytes) {
    constexpr std::size_t before_sequence = 12;
    if (bytes.size() < 2 * before_sequence) return;
    std::string whole(bytes);
    const auto size = static_cast<std::uint32_t>(whole.size() - before_sequence - 8);
    const auto sum = storage::block_checksum(std::string_view(whole).substr(before_sequence));
    std::memcpy(whole.data(), &size, sizeof size);
    std::memcpy(whole.data() + sizeof size, &sum, sizeof sum);
    record(whole);
}

inline void blocks(std::string_view bytes) {
    record(bytes);
    record_with_checksum(bytes);
    const auto row = bytes.substr(0, storage::reference_bytes);
    const auto content = bytes.substr(row.size());
    const auto reference = storage::decode_reference(row);
    if (!reference) return;
    require(storage::encode_reference(*reference) == row);
    const auto database =
        std::filesystem::temp_directory_path() / ("murano-fuzz-" + std::to_string(::getpid())) / "store.db";
    const auto file = storage::blocks_folder_of(database) / std::to_string(reference->file);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    const auto block = storage::read_block_of(database, *reference);
    const auto beginning = storage::read_block_of(database, *reference, 10);
    std::filesystem::remove_all(database.parent_path());
    if (block) require(block == content.substr(reference->offset, reference->size));
    if (block) require(storage::block_checksum(*block) == reference->checksum);
    if (beginning) require(beginning->size() <= 10 && content.substr(reference->offset).starts_with(*beginning));
}

}  // namespace fuzz
