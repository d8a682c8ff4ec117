#pragma once
// A run's current state as JSON. [verdict.md 1]

#include "config/json_tree.h"
#include "server/api/base/services.h"
#include "server/verdict/runs.h"

namespace api {

config::JsonNode run_json(const Services& services, const verdict::Runs::Entry& entry);
config::JsonNode check_row_json(const verdict::CheckRow& row);

}  // namespace api
