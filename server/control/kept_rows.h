#pragma once
// What the server can read of the rows that are kept: the rules that storage asks at an import, a start and a recovery.

#include "config/connector_settings.h"
#include "server/core/context.h"
#include "storage/row_rules.h"

namespace device {

// Each rule decodes as the server does later, and tells in a clause what it could not use. The functions may be called
// on any thread and outlive the arguments.
storage::RowRules rules_of_kept_rows(const config::ConnectorSettings& defaults, const CertificateTools& certificates);

}  // namespace device
