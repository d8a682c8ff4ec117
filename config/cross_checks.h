#pragma once
// What no single value can show: settings that need each other, and files that must be there.

namespace config {

struct LoadedSettings;

// Adds errors and warnings to loaded.problems.
void check_settings(LoadedSettings& loaded);

}  // namespace config
