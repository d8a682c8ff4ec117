#pragma once
// Which connector a command means: --connector, else the one that has the device or the item.

#include "server/cli/client_command.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

// Throws Refused (404, naming the nearest one) if --connector names one that never existed.
void check_connector(ApiClient& api);

// The connectors that a list covers: --connector, which must exist, else all, by name. Never empty: without any it is
// the default one.
std::vector<std::string> connectors_to_list(ApiClient& api);

// A device's connector: --connector, which must exist, else the one that has the device. Throws UsageError if several
// do, and CommandFailed if none does.
std::string connector_of_identity(ApiClient& api, std::string_view identity);
// The same for a content item.
std::string connector_of_item(ApiClient& api, std::string_view item);

// For a device that may not exist yet: --connector, created if missing, else the one that has the device, else the
// server's default one. Throws UsageError if several have it.
std::string connector_for_identity(ApiClient& api, std::string_view identity);
// --connector, else the server's default one.
std::string connector_for_item(ApiClient& api);

// A table row with the connector added, unless --connector names it for all rows.
std::vector<std::string> with_connector(const Run& run, std::vector<std::string> cells, std::string connector);

// " of connector c"; empty if --connector was given.
std::string of_connector(const ApiClient& api, std::string_view connector);

}  // namespace cli
