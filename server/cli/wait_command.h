#pragma once
// murano-emulator wait-for: ends as soon as an event has happened, or reports what came near.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& wait_command();

}  // namespace cli
