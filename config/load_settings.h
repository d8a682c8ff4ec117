#pragma once
// All settings of `serve`: flag over environment over file over default, checked as a whole.

#include "config/assignment.h"
#include "config/read_environment.h"
#include "config/settings.h"

#include <span>
#include <string>
#include <vector>

namespace config {

struct LoadedSettings {
    ServerSettings settings;      // to be used only when problems.ok()
    std::vector<Origin> origins;  // one for each row of settings_table()
    Problems problems;
    bool help = false;  // --help was asked for; nothing else was read

    const Origin& origin_of(const Setting& setting) const;
};

// `arguments` are those behind `serve`. Reads the settings file that they or the environment name. Never throws for
// bad input; on SIGHUP call it again with the same arguments.
LoadedSettings load_settings(std::span<const std::string> arguments, const Environment& environment);

// Only a file, with the defaults for all else: `config check`.
LoadedSettings check_settings_file(const std::string& name);

}  // namespace config
