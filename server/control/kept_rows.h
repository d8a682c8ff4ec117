#pragma once
// What the server can read of stored rows: the rules that storage applies at an import, a start and a recovery.

#include "config/connector_settings.h"
#include "server/core/context.h"
#include "storage/row_rules.h"

namespace device {

// Each rule decodes a row as the server does later, and returns a clause about what it cannot use. The functions may be
// called on any thread and outlive the arguments.
storage::RowRules rules_of_kept_rows(const config::ConnectorSettings& defaults, const CertificateTools& certificates);

}  // namespace device
