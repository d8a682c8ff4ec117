#pragma once
// The data folder holds private keys and credentials, and its default place is the folder that one works in.

#include <filesystem>

namespace runtime {

// Gives the data folder `folder` a `.gitignore` with `*`, so that nobody commits it. Not where one is, nor where the
// folder holds anything that is not the server's: that file would hide it. No error: a folder that cannot be written
// fails elsewhere, with its reason.
void hide_from_git(const std::filesystem::path& folder);

}  // namespace runtime
