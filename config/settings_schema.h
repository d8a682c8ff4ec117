#pragma once
// JSON Schema (draft 2020-12) of the settings file.

#include "config/json_tree.h"

namespace config {

JsonNode settings_schema();

// Of one connector; `seeds`: with the identities and content that the file may name.
JsonNode connector_schema(bool seeds);

}  // namespace config
