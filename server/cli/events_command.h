#pragma once
// `events [--follow] [filters]`: the journal, what is there and what comes.

#include "server/cli/client_command.h"

namespace cli {

// As a line for people, with its connector unless --connector names it, or with --json as one line of JSON.
void print_event(const Run& run, const config::JsonNode& event);

const ClientCommand& events_command();

enum class ConnectorColumn : unsigned char { shown, left_out };

// One event as a line for people, without a line end. The connector of one that belongs to none is "-".
std::string event_line(const config::JsonNode& event, ConnectorColumn column);

}  // namespace cli
