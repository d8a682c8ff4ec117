#pragma once
// The data folder holds private keys and credentials, and by default it lies in the current folder.

#include <filesystem>

namespace runtime {

// Writes a `.gitignore` with `*` into the data folder, so that git never adds it. Not if a `.gitignore` exists, or the
// folder holds files that are not the server's, which it would hide. Reports no error: a folder that cannot be written
// fails elsewhere, with its reason.
void hide_from_git(const std::filesystem::path& folder);

}  // namespace runtime
