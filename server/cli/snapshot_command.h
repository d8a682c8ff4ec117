#pragma once

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& snapshot_command();

}  // namespace cli
