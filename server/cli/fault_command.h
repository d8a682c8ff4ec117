#pragma once

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& fault_command();

}  // namespace cli
