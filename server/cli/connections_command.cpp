#include "server/cli/connections_command.h"

#include "server/cli/text_table.h"

#include <array>
#include <ostream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{connector_option};

// A list of the server as a table: a row of `cells` for each thing in the answer's `key`.
void list(const Run& run, const std::string& path, std::string_view key, std::vector<std::string> heads,
          std::vector<std::string> (*cells)(const JsonNode&)) {
    const auto connector = run.api.connector();
    const auto body = run.api.get(connector.empty() ? path : path + "?connector=" + percent_encode(connector));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    const auto answer = parse_answer(body);
    TextTable table(std::move(heads));
    if (const auto* rows = answer.find(key)) {
        for (const auto& row : rows->items) table.add(cells(row));
    }
    table.print(run.out);
}

void connectors(const Run& run, Arguments) {
    list(run, "/_emulator/v1/connectors", "connectors", {"CONNECTOR", "IDENTITIES", "CONNECTIONS"},
         [](const JsonNode& row) -> std::vector<std::string> {
             return {text_of(row, "connector"), text_of(row, "identities"), text_of(row, "connections")};
         });
}

void connections(const Run& run, Arguments) {
    list(run, "/_emulator/v1/connections", "connections",
         {"ID", "CONNECTOR", "IDENTITY", "CLIENT ID", "ADDRESS", "TLS", "CONNECTED"},
         [](const JsonNode& row) -> std::vector<std::string> {
             return {text_of(row, "id"),
                     text_of(row, "connector"),
                     text_of(row, "identity"),
                     text_of(row, "client_id"),
                     text_of(row, "ip"),
                     text_of(row, "tls_version"),
                     time_text(text_of(row, "connected_us"))};
         });
}

void sessions(const Run& run, Arguments) {
    list(run, "/_emulator/v1/sessions", "sessions",
         {"CONNECTOR", "IDENTITY", "CLIENT ID", "SUBSCRIPTIONS", "LAST SEEN"},
         [](const JsonNode& row) -> std::vector<std::string> {
             const auto* connected = row.find("connected");
             const bool here = connected != nullptr && connected->truth;
             return {text_of(row, "connector"), text_of(row, "identity"), text_of(row, "client_id"),
                     text_of(row, "subscriptions"), here ? "now" : time_text(text_of(row, "last_seen_us"))};
         });
}

constexpr std::array connector_forms{Form{"list", "", 0, 0, "the connectors that exist, with counts", connectors}};
constexpr std::array connections_forms{Form{"", "", 0, 0, "The live connections of devices.", connections}};
constexpr std::array sessions_forms{
    Form{"", "", 0, 0, "The sessions that the server keeps, with their subscriptions.", sessions}};

constexpr ClientCommand connector_described{"connector", connector_forms, {}};
constexpr ClientCommand connections_described{"connections", connections_forms, options};
constexpr ClientCommand sessions_described{"sessions", sessions_forms, options};

}  // namespace

const ClientCommand& connector_command() {
    return connector_described;
}

const ClientCommand& connections_command() {
    return connections_described;
}

const ClientCommand& sessions_command() {
    return sessions_described;
}

}  // namespace cli
