#pragma once
// murano-emulator publish, history: sends a message to one device, shows what a device reported.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& publish_command();
const ClientCommand& history_command();

}  // namespace cli
