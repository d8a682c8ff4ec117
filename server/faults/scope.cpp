#include "server/faults/scope.h"

namespace faults {

bool Scope::strikes(const Client& client) const {
    if (connector && *connector != client.connector) return false;
    if (identity && *identity != client.identity) return false;
    if (client_id && (!client.connected || *client_id != client.client_id)) return false;
    if (anonymous && (!client.connected || *anonymous != client.anonymous)) return false;
    return ip.empty() || addresses.contains(client.ip);
}

bool Scope::may_strike(const Client& client) const {
    const bool unnamed = client.anonymous && client.identity.empty();  // until its first $provision topic
    if (client.connected && !unnamed) return strikes(client);
    if (connector && !client.connector.empty() && *connector != client.connector) return false;
    if (client.connected && client_id && *client_id != client.client_id) return false;
    if (client.connected && anonymous && !*anonymous) return false;
    return ip.empty() || addresses.contains(client.ip);
}

}  // namespace faults
