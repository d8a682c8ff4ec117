#pragma once
// Checks across settings: settings that need each other, and files that must exist.

namespace config {

struct LoadedSettings;

// Adds errors and warnings to loaded.problems.
void check_settings(LoadedSettings& loaded);

}  // namespace config
