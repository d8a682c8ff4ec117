#include "config/load_settings.h"

#include "config/cross_checks.h"
#include "config/read_file.h"
#include "config/read_flags.h"
#include "config/setting_value.h"

namespace config {

namespace {

void report(const Assignment& assignment, const Rejected& rejected, Problems& problems) {
    const Setting& setting = *assignment.setting;
    Origin origin = assignment.origin;
    if (rejected.element < assignment.positions.size()) origin.at = assignment.positions[rejected.element];
    std::string message = "expected " + rejected.expected;
    if (!setting.secret && rejected.element < assignment.texts.size()) {
        const std::string& text = assignment.texts[rejected.element];
        const bool bare = origin.kind == Origin::Kind::file && is_number(setting);
        message = "found " + (bare ? text : to_json_text(JsonNode::of(text))) + ", " + message;
    }
    Problem problem = problem_at(origin, setting, std::move(message));
    if (origin.kind == Origin::Kind::file && is_list(setting)) problem.path = item_path(setting.path, rejected.element);
    problems.error(std::move(problem));
}

void apply_all(const std::vector<Assignment>& assignments, LoadedSettings& loaded) {
    for (const Assignment& assignment : assignments) {
        if (const auto rejected = assign(*assignment.setting, loaded.settings, assignment.texts)) {
            report(assignment, *rejected, loaded.problems);
            continue;
        }
        const auto row = static_cast<std::size_t>(assignment.setting - settings_table().data());
        loaded.origins[row] = assignment.origin;
    }
}

void load_into(LoadedSettings& loaded, const std::vector<Assignment>& variables, const std::vector<Assignment>& flags) {
    loaded.origins.resize(settings_table().size());
    // First only to learn which file to read; the mistakes of this turn are found again below.
    LoadedSettings named;
    named.origins.resize(settings_table().size());
    apply_all(variables, named);
    apply_all(flags, named);

    const std::string& name = named.settings.config_file;
    SettingsFile file;
    if (!name.empty()) file = load_settings_file(name, loaded.problems);
    apply_all(read_file_settings(file, loaded.problems), loaded);
    apply_all(variables, loaded);
    apply_all(flags, loaded);
    read_file_connectors(file, loaded.settings, loaded.problems);
    read_file_faults(file, loaded.settings, loaded.problems);
    check_settings(loaded);
}

}  // namespace

const Origin& LoadedSettings::origin_of(const Setting& setting) const {
    return origins.at(static_cast<std::size_t>(&setting - settings_table().data()));
}

LoadedSettings load_settings(std::span<const std::string> arguments, const Environment& environment) {
    LoadedSettings loaded;
    const Flags flags = read_flags(arguments, loaded.problems);
    loaded.help = flags.help;
    if (flags.help) return loaded;
    load_into(loaded, read_environment(environment, loaded.problems), flags.assignments);
    return loaded;
}

LoadedSettings check_settings_file(const std::string& name) {
    const std::vector<std::string> arguments = {"--config=" + name};
    return load_settings(arguments, {});
}

}  // namespace config
