#include "config/read_environment.h"

#include "config/nearest.h"
#include "config/read_flags.h"
#include "config/setting_value.h"

namespace config {

namespace {

constexpr std::string_view prefix = "MURANO_EMULATOR_";
constexpr std::string_view of_devices = "MURANO_";        // MURANO_HOST and so on: where a device finds its server
constexpr std::string_view of_github = "GITHUB_ACTIONS";  // whether lines are for it
constexpr std::string_view client_url = "MURANO_EMULATOR_URL";  // the client commands' --url

void warn_unknown(const std::string& name, Problems& problems) {
    std::vector<std::string> known = {std::string(client_url)};
    for (const Setting& setting : settings_table()) known.push_back(variable_of(setting));
    // The prefix is the same in all: it must not make far names look near.
    std::vector<std::string_view> endings;
    endings.reserve(known.size());
    for (const std::string& variable : known) endings.push_back(std::string_view(variable).substr(prefix.size()));
    const auto meant = nearest(std::string_view(name).substr(prefix.size()), endings);
    const std::string hint = meant ? ", did you mean " + std::string(prefix) + *meant + "?" : "";
    problems.warning({name, 0, 0, "", "unknown variable" + hint + " (ignored)"});
}

}  // namespace

Environment environment_of(const char* const* entries) {
    Environment environment;
    for (; *entries != nullptr; ++entries) {
        const std::string_view entry(*entries);
        const std::size_t equals = entry.find('=');
        if (equals == std::string_view::npos) continue;
        if (!entry.starts_with(of_devices) && entry.substr(0, equals) != of_github) continue;
        environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    return environment;
}

std::vector<Assignment> read_environment(const Environment& environment, Problems& problems) {
    std::vector<Assignment> assignments;
    for (const auto& [name, value] : environment) {
        if (!name.starts_with(prefix) || name == client_url) continue;
        const Setting* setting = find_setting_by_variable(name);
        if (setting == nullptr) {
            warn_unknown(name, problems);
        } else if (!value.empty()) {
            std::vector<std::string> texts = is_list(*setting) ? split_list(value) : std::vector{value};
            assignments.push_back({setting, std::move(texts), {Origin::Kind::environment, name, {}}, {}});
        }
    }
    return assignments;
}

}  // namespace config
