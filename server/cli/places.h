#pragma once
// Which connector a command means: the one of --connector, else the one in which the device or the item is.

#include "server/cli/client_command.h"

#include <string>
#include <string_view>
#include <vector>

namespace cli {

// Throws Refused (404, naming the nearest one) where --connector names one that neither exists nor did before.
void check_connector(ApiClient& api);

// What a command that lists looks at: the one of --connector, which must exist, else all, by name. Never empty: where
// there is none yet it is the default one.
std::vector<std::string> connectors_to_list(ApiClient& api);

// Of a device: --connector, which must exist, else the one that has it. Throws UsageError where several have it, and
// CommandFailed where none does.
std::string connector_of_identity(ApiClient& api, std::string_view identity);
// The same of a content item.
std::string connector_of_item(ApiClient& api, std::string_view item);

// Of a device that may not be there yet: --connector, which then comes into being where it does not exist, else the one
// that has the device, else the server's default one. Throws UsageError where several have it.
std::string connector_for_identity(ApiClient& api, std::string_view identity);
// --connector, else the server's default one.
std::string connector_for_item(ApiClient& api);

// A row of a table with one cell more, unless --connector names the connector of all rows.
std::vector<std::string> with_connector(const Run& run, std::vector<std::string> cells, std::string connector);

// " of connector c"; empty where --connector names it: it was typed.
std::string of_connector(const ApiClient& api, std::string_view connector);

}  // namespace cli
