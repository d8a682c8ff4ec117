#pragma once
// `events --format pcapng`: the journal's packets as a file for Wireshark.

#include "server/cli/client_command.h"

namespace cli {

// Blocks until everything is written, with --follow until the output accepts no more. Holds one page of events in
// memory, and a packet in full if an event shows only a part of it.
void capture_events(const Run& run);

}  // namespace cli
