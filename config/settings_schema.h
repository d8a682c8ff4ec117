#pragma once
// JSON Schema (draft 2020-12) of the settings file.

#include "config/json_tree.h"

namespace config {

// `fault`: what describes one fault, which this box does not know.
JsonNode settings_schema(JsonNode fault = JsonNode::object());

// Of one connector; `seeds`: with the identities, content and faults that the file may name.
JsonNode connector_schema(bool seeds);

// What each key of a connector's schema means, for whoever reads it in an editor.
void describe_connector(JsonNode& schema);

// A list of what `$defs.fault` describes.
JsonNode faults_schema();

}  // namespace config
