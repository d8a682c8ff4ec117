#pragma once
// A running server's certificates and TLS policies, from its settings. Failures of files are exceptions with a sentence
// for the user.

#include "certs/authority.h"
#include "certs/server_certificates.h"
#include "certs/tls_policy.h"
#include "config/settings.h"
#include "server/core/context.h"
#include "server/data_folder.h"

#include <memory>

namespace app {

// The CA of the settings, else the data folder's own, created if missing.
std::shared_ptr<const certs::Authority> open_authority(const config::ServerSettings& settings, const DataFolder& data);
std::shared_ptr<certs::ServerCertificates> open_certificates(const config::ServerSettings& settings,
                                                             const DataFolder& data,
                                                             const std::shared_ptr<const certs::Authority>& authority);
// nullptr: the default one.
std::shared_ptr<const certs::TlsPolicy> policy_of(const config::TlsPolicy& policy);
device::CertificateTools certificate_tools();

}  // namespace app
