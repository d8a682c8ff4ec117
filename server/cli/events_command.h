#pragma once
// `events [--follow] [filters]`: the journal, what is there and what comes.

#include "server/cli/client_command.h"

namespace cli {

// As a line for people, or with --json as one line of JSON.
void print_event(const Run& run, const config::JsonNode& event);

const ClientCommand& events_command();

// One event as a line for people, without a line end.
std::string event_line(const config::JsonNode& event);

}  // namespace cli
