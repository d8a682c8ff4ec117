#pragma once
// The value of one row of the table, from text and to text. Every reader converts its input to texts first, so that a
// value means the same on the command line, in the environment and in the file.

#include "config/json_tree.h"
#include "config/settings_table.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace config {

bool is_switch(const Setting& setting);  // true or false; its flag needs no value
bool is_number(const Setting& setting);
bool is_list(const Setting& setting);
bool is_optional(const Setting& setting);  // allows "none": null in the file, empty as text

struct Rejected {
    std::size_t element = 0;  // of a list
    std::string expected;     // in words
};

// Sets it, or returns what is allowed. A list takes all texts, other types one.
std::optional<Rejected> assign(const Setting& setting, ServerSettings& settings, std::span<const std::string> texts);

// The inverse of assign(); one text, or a list's.
std::vector<std::string> value_texts(const Setting& setting, const ServerSettings& settings);

// `a, b`, `none`; secrets masked.
std::string shown_value(const Setting& setting, const ServerSettings& settings);
JsonNode value_json(const Setting& setting, const ServerSettings& settings);  // secrets masked

std::string default_text(const Setting& setting);

// `0 to 65535`, `normal, full`: the allowed values, in words.
std::string expected_of(const Setting& setting);

// The names of a choice; empty for other types.
std::vector<std::string> choices_of(const Setting& setting);

}  // namespace config
