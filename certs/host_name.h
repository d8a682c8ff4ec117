#pragma once
// What is a host name, and what is an IP address.

#include <string_view>

namespace certs {

// Letters, digits, hyphen, underscore (compose service names have them) and dots between non-empty labels; at most
// 253 characters, 63 a label. An IPv4 address looks like one too: ask is_ip_address() first.
bool is_host_name(std::string_view name);

bool is_ip_address(std::string_view text);  // IPv4 or IPv6, without brackets

}  // namespace certs
