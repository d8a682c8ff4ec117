// Connectors, connections and sessions as the control side sees them.

#include "server/control/control_service.h"
#include "server/control/thin_out.h"
#include "server/core/connector.h"
#include "server/murano/secret_text.h"

#include <algorithm>

namespace device {
namespace {

constexpr std::uint32_t most_sessions = 100'000;

Failure no_such_connector(std::string_view connector) {
    return ControlError{ErrorKind::not_found, "There is no connector \"" + std::string(connector) + "\".", {}};
}

}  // namespace

std::vector<ConnectorInfo> ControlService::connectors() {
    std::map<std::string, std::uint64_t, std::less<>> identities;
    for (const auto& count : parts_.context.reader.identity_counts()) identities[count.connector] = count.identities;
    std::vector<ConnectorInfo> infos;
    for (const auto& [id, connector] : parts_.table.connectors()) {
        infos.push_back({id, identities[id], connector->links.size()});
    }
    std::sort(infos.begin(), infos.end(), [](const auto& a, const auto& b) { return a.connector < b.connector; });
    return infos;
}

bool ControlService::connector_exists(std::string_view connector) {
    return parts_.table.find_connector(connector) != nullptr;
}

bool ControlService::connector_known(std::string_view connector) {
    return connector_exists(connector) || parts_.hidden.knows(connector);
}

config::ConnectorSettings ControlService::connector_settings(std::string_view connector) {
    return parts_.table.settings_or_defaults(connector);
}

Failure ControlService::put_connector_settings(std::string_view connector, const config::ConnectorSettings& settings) {
    auto* known = parts_.table.find_or_make_connector(connector);
    if (known == nullptr) return no_such_connector(connector);
    known->apply(settings);
    parts_.table.keep_settings(*known);
    return std::nullopt;
}

void ControlService::close_all(Connector& connector, CloseReason reason) {
    const auto at = now(connector.id);
    while (!connector.links.empty()) parts_.lifecycle.close(**connector.links.begin(), reason, at);
}

void ControlService::erase_connector(Connector& connector, CloseReason reason) {
    close_all(connector, reason);
    std::vector<std::string> files;
    for (auto& row : parts_.context.reader.content(connector.id)) files.push_back(std::move(row.file));
    parts_.files.remove_after_commit(std::move(files));
    parts_.table.forget_connector(connector.id);
}

SlicedWork<std::monostate> ControlService::thin_out(std::string_view connector) {
    return std::make_unique<ThinOut>(parts_.context, parts_.table, connector);
}

Failure ControlService::delete_connector(std::string_view connector) {
    auto* known = parts_.table.find_connector(connector);
    if (known == nullptr) return no_such_connector(connector);
    erase_connector(*known, CloseReason::deleted);
    // One event for all its identities: what comes into being under these names later begins anew. [R63]
    parts_.recorder.event(Subject{.connector = connector, .identity = {}}, journal::EventType::deleted, now(connector));
    return std::nullopt;
}

std::vector<ConnectionView> ControlService::connections() {
    std::vector<ConnectionView> views;
    for (const auto& [id, connector] : parts_.table.connectors()) {
        for (const auto* link : connector->links) {
            const auto traffic = link->peer.traffic();
            views.push_back({.connection_id = link->facts.connection_id,
                             .connector = id,
                             .identity = std::string(Recorder::subject_of(link->client).identity),
                             .client_id = without_hidden(link->client, link->client_id),
                             .ip = link->facts.ip,
                             .port_kind = link->facts.tls ? "mqtts" : "mqtt",
                             .sni = link->facts.sni,
                             .tls_version = link->facts.tls_version,
                             .tls_cipher = link->facts.tls_cipher,
                             .connected_us = link->connected_us,
                             .bytes_in = traffic.bytes_in,
                             .bytes_out = traffic.bytes_out,
                             .packets_in = traffic.packets_in,
                             .packets_out = traffic.packets_out});
        }
    }
    std::sort(views.begin(), views.end(), [](const auto& a, const auto& b) {
        return std::tie(a.connected_us, a.connection_id) < std::tie(b.connected_us, b.connection_id);
    });
    return views;
}

bool ControlService::close_connection(std::string_view connection_id) {
    for (const auto& [id, connector] : parts_.table.connectors()) {
        for (auto* link : connector->links) {
            if (link->facts.connection_id != connection_id) continue;
            parts_.lifecycle.close(*link, CloseReason::control, now(id));
            return true;
        }
    }
    return false;
}

std::vector<SessionView> ControlService::sessions() {
    std::vector<SessionView> views;
    for (auto& owned : parts_.context.reader.all_sessions(most_sessions)) {
        auto& client_id = owned.session.client_id;
        if (murano::looks_like_token(client_id)) client_id = murano::hidden_text;  // [D20]
        views.push_back({std::move(owned.connector), std::move(owned.identity), std::move(owned.session)});
    }
    return views;
}

}  // namespace device
