#pragma once
// `protocol.tls` of a connector. [R3a]

#include "config/connector_settings.h"
#include "config/json_tree.h"
#include "config/object_reader.h"

namespace config {

// Reads over `tls`. Every accepted value takes effect: refuses a suite that this OpenSSL lacks or that is insecure, a
// custom policy without a suite for its version, and version or suites with another policy.
void read_tls_policy(ObjectReader reader, TlsPolicy& tls);

// Version and suites belong to `custom`. Removes them from `settings` if `patch` names another policy, so that naming
// it is enough to switch back.
void leave_custom_tls(JsonNode& settings, const JsonNode& patch);

}  // namespace config
