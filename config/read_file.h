#pragma once
// The settings file: its text as a tree with positions, its rows of the table, and its connectors.

#include "config/assignment.h"
#include "config/json_tree.h"

#include <optional>
#include <string>
#include <vector>

namespace config {

struct SettingsFile {
    std::string name;              // as given, for messages
    std::string folder;            // base of relative content files
    std::string text;              // without a byte order mark
    std::optional<JsonNode> root;  // nullopt: it cannot be read; the problems say why
};

// Files over 64 MiB are refused.
SettingsFile load_settings_file(const std::string& name, Problems& problems);

// The same from text, for tests and tools.
SettingsFile parse_settings_text(std::string text, std::string name, std::string folder, Problems& problems);

// Assigns every known server key; reports every unknown one.
std::vector<Assignment> read_file_settings(const SettingsFile& file, Problems& problems);

// `connector_defaults` and `connectors`. Apply the rows of the table first: journal.packets is used here.
void read_file_connectors(const SettingsFile& file, ServerSettings& settings, Problems& problems);

// `faults`, at the top and inside connectors: checks only that they are lists.
void read_file_faults(const SettingsFile& file, ServerSettings& settings, Problems& problems);

}  // namespace config
