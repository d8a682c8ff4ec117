#pragma once
// `identity list|show|add|rm|lock|unlock|revoke|secret`: the devices of a connector.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& identity_command();

}  // namespace cli
