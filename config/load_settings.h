#pragma once
// All settings of `serve`: flag before environment before file before default, checked as a whole.

#include "config/assignment.h"
#include "config/read_environment.h"
#include "config/settings.h"

#include <span>
#include <string>
#include <vector>

namespace config {

struct LoadedSettings {
    ServerSettings settings;      // valid only if problems.ok()
    std::vector<Origin> origins;  // one per row of settings_table()
    Problems problems;
    bool help = false;  // --help was given; nothing else was read

    const Origin& origin_of(const Setting& setting) const;
};

// `arguments`: those after `serve`. Reads the settings file that they or the environment name. Never throws for bad
// input; on SIGHUP call it again with the same arguments.
LoadedSettings load_settings(std::span<const std::string> arguments, const Environment& environment);

// Only a file, with defaults for everything else: `config check`.
LoadedSettings check_settings_file(const std::string& name);

}  // namespace config
