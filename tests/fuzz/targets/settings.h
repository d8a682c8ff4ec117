#pragma once
// Any text as a settings file: reading ends, mistakes are reported at a place in the text in a printable sentence, and
// accepted settings survive writing and reading again, and being patched twice with the same patch.

#include "config/connector_settings_json.h"
#include "config/read_file.h"
#include "config/setting_value.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fuzz {

inline void check_problem(const config::Problem& problem, std::string_view text) {
    require(!problem.message.empty());
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
    require(problem.line <= lines && problem.column <= text.size() + 1);
    for (const char c : problem.message) require(static_cast<unsigned char>(c) >= 0x20);
}

inline void check_connector(const config::ConnectorSettings& settings) {
    using config::ConnectorShape;
    const std::string text = config::to_json_text(config::to_json(settings, ConnectorShape::full));
    config::Problems problems;
    const auto again = config::parse_connector_text(text, {}, config::KeyMode::strict, problems);
    require(problems.ok() && again && *again == settings);
    const auto patched =
        config::merge_patch(settings, text, {}, config::KeyMode::strict, config::ResourcesPatch::replace, problems);
    require(problems.ok() && patched && *patched == settings);
}

// As `config` does, without flags, environment and look-ups outside the text.
inline void settings_file(const std::string& text) {
    config::Problems problems;
    const auto file = config::parse_settings_text(text, "settings.jsonc", "/nowhere", problems);
    config::ServerSettings settings;
    for (const auto& assignment : config::read_file_settings(file, problems)) {
        static_cast<void>(config::assign(*assignment.setting, settings, assignment.texts));
    }
    config::read_file_connectors(file, settings, problems);
    for (const auto& problem : problems.errors()) check_problem(problem, file.text);
    for (const auto& problem : problems.warnings()) check_problem(problem, file.text);
    require(problems.error_text().empty() == problems.ok());
    if (!problems.ok()) return;
    check_connector(settings.connector_defaults);
    for (const auto& [id, seed] : settings.connectors) check_connector(seed.settings);
}

inline void json_text(std::string_view text) {
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    require(parsed.root || !parsed.faults.empty());
    for (const auto& fault : parsed.faults) require(fault.offset <= text.size() && !fault.message.empty());
    if (!parsed.root || !parsed.faults.empty()) return;
    require(config::parse_json(text, config::JsonDialect::relaxed).faults.empty());
    const std::string written = config::to_json_text(*parsed.root);
    const auto again = config::parse_json(written, config::JsonDialect::strict);
    require(again.root && again.faults.empty() && config::to_json_text(*again.root) == written);
    require(
        config::parse_json(config::to_pretty_json_text(*parsed.root), config::JsonDialect::strict).root.has_value());
}

inline void settings(std::string_view text) {
    settings_file(std::string(text));
    json_text(text);
}

}  // namespace fuzz
