#include "server/hidden_arguments.h"

#include "config/settings_table.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace app {
namespace {

void hide(char* text) {
    std::fill_n(text, std::strlen(text), '*');
}

// Client commands call their secrets as the server does.
bool is_secret(std::string_view flag) {
    const auto* setting = config::find_setting_by_flag(flag);
    return setting != nullptr && setting->secret;
}

}  // namespace

void hide_secret_arguments(std::span<char*> arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (!argument.starts_with("--")) continue;
        const auto flag = argument.substr(2, argument.find('=') - 2);
        if (!is_secret(flag)) continue;
        if (flag.size() + 2 < argument.size()) {
            hide(arguments[i] + flag.size() + 3);
        } else if (i + 1 < arguments.size()) {
            hide(arguments[++i]);
        }
    }
}

}  // namespace app
