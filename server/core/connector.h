#pragma once
// One connector in memory: its settings in force, what is compiled from them, and its devices that are in memory.

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
    TextMap<std::unique_ptr<Device>> devices;  // by identity; those in memory
    std::unordered_set<Link*> links;           // live connections, anonymous ones too

    // Puts new settings in force, at once.
    void apply(const config::ConnectorSettings& new_settings);
};

// The settings in the row, as they were kept. `error` says what is wrong with them: without settings they do not parse;
// with settings only their TLS policy, which an earlier version took, was left out.
std::optional<config::ConnectorSettings> kept_settings(const storage::ConnectorRow& row,
                                                       const config::ConnectorSettings& defaults, std::string& error);

}  // namespace device
