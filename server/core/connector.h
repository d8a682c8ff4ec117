#pragma once
// One connector in memory: its settings in force, what is compiled from them, and its devices in memory.

#include "config/connector_settings.h"
#include "server/core/device.h"
#include "server/murano/ip_rules.h"
#include "server/murano/resource_table.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

namespace device {

struct Connector {
    std::string id;
    config::ConnectorSettings settings;
    murano::ResourceTable resources;           // compiled from the settings
    murano::IpRules ip_allowed;                // provisioning.ip_whitelisting.allowed
    TextMap<std::unique_ptr<Device>> devices;  // by identity; only those in memory
    std::unordered_set<Link*> links;           // live connections, anonymous ones included

    // Puts new settings into force at once.
    void apply(const config::ConnectorSettings& new_settings);
};

// The settings stored in the row. `error` says what is wrong with them: if nothing is returned, they do not parse;
// otherwise only their TLS policy, which an earlier version accepted, was left out.
std::optional<config::ConnectorSettings> kept_settings(const storage::ConnectorRow& row,
                                                       const config::ConnectorSettings& defaults, std::string& error);

}  // namespace device
