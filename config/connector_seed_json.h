#pragma once
// A connector of the settings file: its settings, and the identities and content that it starts with.

#include "config/connector_seed.h"
#include "config/object_reader.h"

#include <map>
#include <string>
#include <string_view>

namespace config {

using ConnectorSeeds = std::map<std::string, ConnectorSeed, std::less<>>;

// The file's `connectors`. `folder` is what relative content files are relative to; the files must be there.
ConnectorSeeds read_connectors(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                               std::string_view folder, const ReadContext& context);

// How secrets are shown.
inline constexpr std::string_view masked_secret = "***";

// In the settings file's shape, keys of identities masked.
JsonNode to_masked_json(const ConnectorSeed& seed);

}  // namespace config
