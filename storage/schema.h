#pragma once
// The tables of the newest version of the database.

#include <string_view>

namespace storage {

// Identifies the file as ours: "murE".
inline constexpr int application_id = 0x6d757245;

// Text columns hold any bytes; values, keys and journal blocks are BLOB.
std::string_view schema_version_1();
std::string_view schema_version_2();
std::string_view schema_version_3();  // from version 1

}  // namespace storage
