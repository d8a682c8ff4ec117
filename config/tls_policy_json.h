#pragma once
// `protocol.tls` of a connector. [R3a]

#include "config/connector_settings.h"
#include "config/json_tree.h"
#include "config/object_reader.h"

namespace config {

// Reads over `tls`. What is taken is in force: a cipher suite that this OpenSSL does not have or that is insecure, a
// custom policy without a suite for its version, and a version or suites beside another policy are refused.
void read_tls_policy(ObjectReader reader, TlsPolicy& tls);

// Version and suites belong to `custom`. Takes them out of `settings` where `patch` names another policy, so that one
// word leads back.
void leave_custom_tls(JsonNode& settings, const JsonNode& patch);

}  // namespace config
