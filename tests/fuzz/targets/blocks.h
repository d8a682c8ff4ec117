#pragma once
// The first 78 bytes are a row of the journal; the rest is the file that it may refer to. What is read lies within the
// file, and has the checksum if it is whole.

#include "storage/block_files.h"
#include "tests/fuzz/targets/require.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace fuzz {

inline void blocks(std::string_view bytes) {
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
