#pragma once
// `state get ID [ALIAS…]`, `state set ID ALIAS=VALUE…`: a device's values.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& state_command();

}  // namespace cli
