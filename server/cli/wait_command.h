#pragma once
// murano-emulator wait-for: ends the moment something has happened, or says what came near.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& wait_command();

}  // namespace cli
