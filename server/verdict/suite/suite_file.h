#pragma once
// A parsed suite file: a run's checks, their parameters, and custom checks. [verdict.md 4] Any thread.

#include "config/json_tree.h"
#include "config/problems.h"
#include "server/verdict/run.h"
#include "server/verdict/selection.h"
#include "server/verdict/suite/step.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace verdict::suite {

// Parameters by name, as texts that are already checked.
using GivenParameters = std::vector<std::pair<std::string, std::vector<std::string>>>;

struct BuiltIn {
    std::string glob;
    GivenParameters parameters = {};
};
struct Custom {
    std::string id;
    std::string title;
    Moment timeout = std::chrono::seconds(60);
    GivenParameters parameters = {};
    std::vector<Step> steps;
};
struct SuiteFile {
    std::string title;
    GivenParameters parameters = {};
    std::vector<BuiltIn> built_in = {};
    std::vector<Custom> custom = {};
};

// Refuses more than most_suite_bytes. nullopt if anything is wrong: `problems` says what, where, and what is allowed.
// `name`: the file's name, for messages.
inline constexpr std::size_t most_suite_bytes = 4U * 1024 * 1024;
inline constexpr std::size_t most_checks = 1'000;
inline constexpr std::size_t longest_id = 40;  // of a custom check
std::optional<SuiteFile> read_suite(std::string_view text, std::string_view name, config::Problems& problems);

// JSON Schema (draft 2020-12) of a suite file, for editors.
config::JsonNode suite_schema();

// Fills the plan's checks, and its parameters over those it has. `only` and `skip` apply to both kinds of checks.
std::optional<SelectionError> plan_suite(const SuiteFile& file, const Selection& narrowed, RunPlan& plan);

}  // namespace verdict::suite
