#pragma once
// murano-emulator connector, connections, sessions: what exists, who is here, and who has been.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& connector_command();
const ClientCommand& connections_command();
const ClientCommand& sessions_command();

}  // namespace cli
