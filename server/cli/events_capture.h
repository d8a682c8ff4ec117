#pragma once
// `events --format pcapng`: the journal's packets as a file for Wireshark.

#include "server/cli/client_command.h"

namespace cli {

// Blocks until all is written, with --follow until the output takes no more. In memory: one page of events, and of a
// packet that an event shows only in part the whole.
void capture_events(const Run& run);

}  // namespace cli
