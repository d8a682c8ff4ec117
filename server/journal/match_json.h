#pragma once
// What /wait and the steps of suite files look for, as JSON: the keys of a filter and the conditions on the payload.

#include "config/object_reader.h"
#include "server/journal/match.h"

namespace journal {

// Mistakes and unknown keys go to the reader's problems.
Match read_match(config::ObjectReader from);

// JSON Schema of the same, for the OpenAPI document (3.0) and for editors.
config::JsonNode match_schema();

}  // namespace journal
