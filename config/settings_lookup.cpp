// Finding a row of the table of settings, and what it is called in the environment.

#include "config/settings_table.h"

#include <algorithm>

namespace config {

namespace {

template <typename Matches>
const Setting* find(Matches matches) {
    const auto rows = settings_table();
    const auto found = std::find_if(rows.begin(), rows.end(), matches);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const Setting* find_setting_by_path(std::string_view path) {
    return find([path](const Setting& setting) { return !path.empty() && setting.path == path; });
}

const Setting* find_setting_by_flag(std::string_view flag) {
    return find([flag](const Setting& setting) { return setting.flag == flag; });
}

const Setting* find_setting_by_variable(std::string_view variable) {
    return find([variable](const Setting& setting) { return variable_of(setting) == variable; });
}

std::string variable_of(const Setting& setting) {
    std::string name = "MURANO_EMULATOR_";
    for (const char c : setting.flag)
        name += c == '-' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

std::string_view name_of(const Setting& setting) {
    return setting.path.empty() ? setting.flag : setting.path;
}

}  // namespace config
