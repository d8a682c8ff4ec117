// /_emulator/v1/connections and /_emulator/v1/sessions: who is here, and who has been.
#include "server/api/base/handlers.h"
#include "server/api/emulator/known_connector.h"
#include "server/control/fault_calls.h"

#include <string_view>
#include <vector>

namespace api {

using config::JsonNode;

namespace {

JsonNode count(std::uint64_t value) {
    return JsonNode::number(std::to_string(value));
}

JsonNode connection_json(const Services& services, const device::ConnectionView& view) {
    const auto faults = services.faults == nullptr ? std::vector<std::string>()
                                                   : services.faults->registry().names_that_hold(view.connection_id);
    return JsonNode::object({{"id", JsonNode::of(view.connection_id)},
                             {"connector", JsonNode::of(view.connector)},
                             {"identity", JsonNode::of(view.identity)},
                             {"client_id", JsonNode::of(view.client_id)},
                             {"ip", JsonNode::of(view.ip)},
                             {"port", JsonNode::of(view.port_kind)},
                             {"sni", JsonNode::of(view.sni)},
                             {"tls_version", JsonNode::of(view.tls_version)},
                             {"tls_cipher", JsonNode::of(view.tls_cipher)},
                             {"connected_us", number_node(view.connected_us)},
                             {"bytes_in", count(view.bytes_in)},
                             {"bytes_out", count(view.bytes_out)},
                             {"packets_in", count(view.packets_in)},
                             {"packets_out", count(view.packets_out)},
                             {"faults", JsonNode::array_of(faults)}});
}

JsonNode session_json(const device::SessionView& view) {
    return JsonNode::object({{"connector", JsonNode::of(view.connector)},
                             {"identity", JsonNode::of(view.identity)},
                             {"client_id", JsonNode::of(view.session.client_id)},
                             {"subscriptions", JsonNode::array_of(view.session.filters)},
                             {"connected", JsonNode::of(view.session.connected)},
                             {"last_seen_us", number_node(view.session.last_disconnect_us)}});
}

// The rows of one connector, or of all where the query names none.
template <typename View, typename Shown>
Outcome listed(Services& services, const Request& request, std::string_view name, const std::vector<View>& views,
               Shown shown) {
    const std::string connector = request.query("connector");
    if (auto error = unknown_connector(services.connectors, connector, "?connector")) return std::move(*error);
    JsonNode all = JsonNode::array();
    for (const View& view : views) {
        if (connector.empty() || view.connector == connector) all.items.push_back(shown(view));
    }
    JsonNode answer = JsonNode::object();
    answer.put(name, std::move(all));
    return json_response(answer);
}

Outcome close(Services& services, const Request& request) {
    if (!services.connections.close_connection(request.param("id"))) return not_found("no such connection");
    return empty_response();
}

}  // namespace

void add_connection_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/connections", Family::emulator, "The live connections"};
    get.query = {{"connector", "string", "only of this one"}};
    get.answers = {{200, "{connections: […]}", "application/json"},
                   {404, "there is no such connector; the nearest one is named", "application/json"}};
    get.handler = [&services](const Request& request) {
        return listed(services, request, "connections", services.connections.connections(),
                      [&](const auto& view) { return connection_json(services, view); });
    };
    routes.push_back(std::move(get));

    Route remove{"DELETE", "/_emulator/v1/connections/{id}", Family::emulator, "Closes a connection by force"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) { return close(services, request); };
    routes.push_back(std::move(remove));

    Route stored{"GET", "/_emulator/v1/sessions", Family::emulator, "The stored sessions"};
    stored.query = {{"connector", "string", "only of this one"}};
    stored.answers = {{200, "{sessions: […]}", "application/json"},
                      {404, "there is no such connector; the nearest one is named", "application/json"}};
    stored.handler = [&services](const Request& request) {
        return listed(services, request, "sessions", services.connections.sessions(), session_json);
    };
    routes.push_back(std::move(stored));
}

}  // namespace api
