#pragma once
// JSON Schema (draft 2020-12) of the settings file.

#include "config/json_tree.h"

namespace config {

// `fault`: the schema of one fault, which this box does not know.
JsonNode settings_schema(JsonNode fault = JsonNode::object());

// Of one connector; `seeds`: with the identities, content and faults of the settings file.
JsonNode connector_schema(bool seeds);

// Adds the meaning of each key to a connector's schema, for editors.
void describe_connector(JsonNode& schema);

// A list of `$defs.fault`.
JsonNode faults_schema();

}  // namespace config
