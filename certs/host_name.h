#pragma once
// Tells host names from IP addresses.

#include <string_view>

namespace certs {

// Letters, digits, hyphen, underscore (for compose service names) and dots between non-empty labels; at most 253
// characters, 63 per label. An IPv4 address passes too: check is_ip_address() first.
bool is_host_name(std::string_view name);

bool is_ip_address(std::string_view text);  // IPv4 or IPv6, without brackets

}  // namespace certs
