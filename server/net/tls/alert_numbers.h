#pragma once
// Alerts by their names in RFC 8446, section 6.

#include <string_view>

namespace net {

int alert_number(std::string_view name);  // an unknown name: handshake_failure

}  // namespace net
