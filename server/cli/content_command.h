#pragma once
// `content ls|put NAME FILE|get NAME FILE|rm NAME`: content items, of any size.

#include "server/cli/client_command.h"

namespace cli {

const ClientCommand& content_command();

}  // namespace cli
