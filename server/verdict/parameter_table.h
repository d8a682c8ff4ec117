#pragma once
// The parameters of checks by name: one table for suite files, `--set` and the documentation. [verdict.md 2] Static
// storage; any thread.

#include "server/verdict/profile.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace verdict {

using ParameterPlace = std::variant<Moment Parameters::*, std::uint64_t Parameters::*, bool Parameters::*,
                                    std::string Parameters::*, std::vector<std::string> Parameters::*>;

struct ParameterRow {
    std::string_view name;  // with its unit: "patience_s"
    ParameterPlace place;
    std::string_view standing;  // the default, in words
    std::string_view help;
};

std::span<const ParameterRow> parameter_table();
const ParameterRow* find_parameter(std::string_view name);

// "a number of seconds from 0 to 1000000": the allowed values, in words.
std::string_view expected_of(const ParameterRow& row);

// Sets it from text; a list takes one text per item. False: not what expected_of() describes.
bool set_parameter(Parameters& parameters, const ParameterRow& row, std::span<const std::string> texts);

}  // namespace verdict
