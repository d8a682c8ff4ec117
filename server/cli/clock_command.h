#pragma once

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& clock_command();

}  // namespace cli
