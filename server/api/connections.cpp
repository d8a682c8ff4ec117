// /_emulator/v1/connections and /_emulator/v1/sessions: who is here, and who has been.
#include "server/api/handlers.h"

namespace api {

using config::JsonNode;

namespace {

JsonNode count(std::uint64_t value) {
    return JsonNode::number(std::to_string(value));
}

JsonNode connection_json(const device::ConnectionView& view) {
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
                             {"packets_out", count(view.packets_out)}});
}

JsonNode session_json(const device::SessionView& view) {
    return JsonNode::object({{"connector", JsonNode::of(view.connector)},
                             {"identity", JsonNode::of(view.identity)},
                             {"client_id", JsonNode::of(view.session.client_id)},
                             {"subscriptions", JsonNode::array_of(view.session.filters)},
                             {"connected", JsonNode::of(view.session.connected)},
                             {"last_seen_us", number_node(view.session.last_disconnect_us)}});
}

Outcome connections(Services& services) {
    JsonNode all = JsonNode::array();
    for (const device::ConnectionView& view : services.control.connections()) {
        all.items.push_back(connection_json(view));
    }
    JsonNode answer = JsonNode::object();
    answer.put("connections", std::move(all));
    return json_response(answer);
}

Outcome sessions(Services& services) {
    JsonNode all = JsonNode::array();
    for (const device::SessionView& view : services.control.sessions()) all.items.push_back(session_json(view));
    JsonNode answer = JsonNode::object();
    answer.put("sessions", std::move(all));
    return json_response(answer);
}

Outcome close(Services& services, const Request& request) {
    if (!services.control.close_connection(request.param("id"))) return not_found("no such connection");
    return empty_response();
}

}  // namespace

void add_connection_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/connections", Family::emulator, "The live connections"};
    get.answers = {{200, "{connections: […]}", "application/json"}};
    get.handler = [&services](const Request&) { return connections(services); };
    routes.push_back(std::move(get));

    Route remove{"DELETE", "/_emulator/v1/connections/{id}", Family::emulator, "Closes a connection by force"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) { return close(services, request); };
    routes.push_back(std::move(remove));

    Route stored{"GET", "/_emulator/v1/sessions", Family::emulator, "The stored sessions"};
    stored.answers = {{200, "{sessions: […]}", "application/json"}};
    stored.handler = [&services](const Request&) { return sessions(services); };
    routes.push_back(std::move(stored));
}

}  // namespace api
