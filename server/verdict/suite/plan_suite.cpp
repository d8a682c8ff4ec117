#include "server/verdict/parameter_table.h"
#include "server/verdict/suite/steps_act.h"
#include "server/verdict/suite/suite_file.h"

#include <algorithm>
#include <memory>

namespace verdict::suite {

namespace {

void apply(const GivenParameters& given, Parameters& parameters) {
    for (const auto& [name, texts] : given) set_parameter(parameters, *find_parameter(name), texts);
}

bool any_fits(const std::vector<std::string>& globs, std::string_view id) {
    return std::ranges::any_of(globs, [&](const std::string& glob) { return matches_glob(glob, id); });
}

bool wanted(const Selection& narrowed, std::string_view id) {
    return (narrowed.only.empty() || any_fits(narrowed.only, id)) && !any_fits(narrowed.skip, id);
}

std::shared_ptr<const CustomCheck> made(const Custom& custom) {
    auto check = std::make_shared<CustomCheck>();
    check->id = custom.id;
    check->title = custom.title;
    check->row = {.id = check->id, .title = check->title, .source = "suite file"};
    check->make = [custom] { return act_of_steps(custom); };
    return check;
}

}  // namespace

std::optional<SelectionError> plan_suite(const SuiteFile& file, const Selection& narrowed, RunPlan& plan) {
    apply(file.parameters, plan.parameters);
    for (const CheckRow& row : check_table()) {
        bool named = false;
        for (const BuiltIn& each : file.built_in) {
            if (!matches_glob(each.glob, row.id)) continue;
            named = true;
            if (each.parameters.empty()) continue;
            const auto own = plan.own_parameters.try_emplace(std::string(row.id), plan.parameters).first;
            apply(each.parameters, own->second);
        }
        if (named && wanted(narrowed, row.id)) plan.checks.push_back(&row);
    }
    for (const Custom& custom : file.custom) {
        if (!wanted(narrowed, custom.id)) continue;
        plan.custom.push_back(made(custom));
        if (custom.parameters.empty()) continue;
        apply(custom.parameters, plan.own_parameters.try_emplace(custom.id, plan.parameters).first->second);
    }
    if (plan.checks.empty() && plan.custom.empty())
        return SelectionError{"nothing is left to check: no check of the suite is selected"};
    return std::nullopt;
}

}  // namespace verdict::suite
