#pragma once
// `--log-packets`: one readable line for each packet in either direction.

#include "server/core/link.h"
#include "server/runtime/log.h"

#include <string_view>

namespace device {

// `packet`: one whole packet, secrets already masked.
void log_packet(runtime::Log& log, const Link& link, bool outgoing, std::string_view packet);

}  // namespace device
