#pragma once

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& reset_command();

}  // namespace cli
