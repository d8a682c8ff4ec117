#pragma once
// murano-emulator publish, history: a message to one device, and what one has reported.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& publish_command();
const ClientCommand& history_command();

}  // namespace cli
