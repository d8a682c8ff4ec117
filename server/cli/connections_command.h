#pragma once
// murano-emulator connector, connections, sessions: lists connectors, live connections and stored sessions.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& connector_command();
const ClientCommand& connections_command();
const ClientCommand& sessions_command();

}  // namespace cli
