#pragma once
// `--log-packets`: one readable line for each packet in either direction.

#include "server/core/client.h"
#include "server/runtime/log.h"

#include <string_view>

namespace device {

// `packet`: one whole packet whose secrets are masked already.
void log_packet(runtime::Log& log, const Client& client, bool outgoing, std::string_view packet);

}  // namespace device
