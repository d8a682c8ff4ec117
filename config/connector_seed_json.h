#pragma once
// A connector of the settings file: its settings, initial identities and initial content.

#include "config/connector_seed.h"
#include "config/object_reader.h"

#include <map>
#include <string>
#include <string_view>

namespace config {

using ConnectorSeeds = std::map<std::string, ConnectorSeed, std::less<>>;

// The file's `connectors`. `folder`: base of relative content files, which must exist.
ConnectorSeeds read_connectors(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                               std::string_view folder, const ReadContext& context);

// Shown in place of secrets.
inline constexpr std::string_view masked_secret = "***";

// In the settings file's format, keys of identities masked.
JsonNode to_masked_json(const ConnectorSeed& seed);

}  // namespace config
