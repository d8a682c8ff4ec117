#pragma once
// What /wait and steps of suite files wait for, as JSON: the keys of a filter, and conditions on the payload.

#include "config/object_reader.h"
#include "server/journal/match.h"

namespace journal {

// Mistakes and unknown keys are added to the reader's problems.
Match read_match(config::ObjectReader from);

// JSON Schema of the same, for the OpenAPI document (3.0) and for editors.
config::JsonNode match_schema();

}  // namespace journal
