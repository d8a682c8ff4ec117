#pragma once
// Checks a device id against the connector's identity_format. [R49] Pure; any thread.

#include "config/connector_settings.h"
#include "server/murano/finding.h"

#include <optional>
#include <string_view>

namespace murano {

// nullopt: it fits. The prefix is literal; `length` counts the characters after it and applies to base10 and base16,
// `casing` to base16, MAC and UUID. For any type: 1 to 255 bytes of UTF-8 without / + # and control characters.
std::optional<Finding> check_identity(const config::IdentityFormat& format, std::string_view id);

}  // namespace murano
