#pragma once
// `events [--follow] [filters]`: the journal, what is there and what comes.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& events_command();

// One event as a line for people, without a line end.
std::string event_line(const config::JsonNode& event);

}  // namespace cli
