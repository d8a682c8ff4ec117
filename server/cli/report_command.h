#pragma once
// murano-emulator report: the findings of a run, for a person, a pull request or a build server.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& report_command();

}  // namespace cli
