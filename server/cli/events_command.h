#pragma once
// `events [--follow] [filters]`: past and new events of the journal.

#include "server/cli/client_command.h"

namespace cli {

// As a line for people, with the connector unless --connector names it; or with --json as one line of JSON.
void print_event(const Run& run, const config::JsonNode& event);

const ClientCommand& events_command();

enum class ConnectorColumn : unsigned char { shown, left_out };

// One event as a line for people, without line end. "-" for an event without connector.
std::string event_line(const config::JsonNode& event, ConnectorColumn column);

}  // namespace cli
