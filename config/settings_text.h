#pragma once
// The table as text for people: help, reference, and effective values.

#include "config/json_tree.h"
#include "config/load_settings.h"

#include <string>

namespace config {

// The flags of `serve`, for --help: one block each, lines of at most 100 characters.
std::string flags_help();

// The settings reference of the documentation, Markdown.
std::string settings_reference();

// Effective values and their origins in aligned columns; then the connectors of the file. Secrets masked.
std::string print_text(const LoadedSettings& loaded);

// {"settings":{path:{"value":…,"origin":"flag","source":"--api"}},"connector_defaults":{…},"connectors":{…}}
JsonNode print_json(const LoadedSettings& loaded);

}  // namespace config
