#pragma once
// The one table of `serve` settings, for flags, environment, the file's keys, `config print`, `config schema`, `serve
// --help` and the reference. To add a setting, add a member of ServerSettings and a row here.

#include "config/settings.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace config {

// Where a setting is stored; the alternative is its type.
using Target = std::variant<bool*, std::uint64_t*, std::optional<std::uint64_t>*, std::string*, Endpoint*,
                            std::vector<Endpoint>*, std::vector<PlainEndpoint>*, Durability*, LogLevel*, LogFormat*>;

struct Setting {
    std::string_view path;      // key of the file, "listen.mqtts"; empty: not in the file
    std::string_view flag;      // without the hyphens, "mqtts"
    std::string_view argument;  // name of the value in the help; empty for switches
    std::string_view help;      // one or two sentences
    Target (*target)(ServerSettings&);
    std::uint64_t min = 0;  // of numbers
    std::uint64_t max = 0;
    bool (*check)(std::string_view) = nullptr;  // of texts
    std::string_view expected = {};             // what `check` accepts, in words
    bool secret = false;                        // never shown
};

// In display order.
std::span<const Setting> settings_table();

const Setting* find_setting_by_path(std::string_view path);
const Setting* find_setting_by_flag(std::string_view flag);
const Setting* find_setting_by_variable(std::string_view variable);

// `MURANO_EMULATOR_DATA_DIR`
std::string variable_of(const Setting& setting);

// Its name in `config print` and messages: the path, else the flag.
std::string_view name_of(const Setting& setting);

}  // namespace config
