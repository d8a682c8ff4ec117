#include "server/device/connector.h"

#include "server/murano/provisioning.h"

namespace device {

void Connector::apply(const config::ConnectorSettings& new_settings) {
    settings = new_settings;
    resources = murano::ResourceTable(settings.resources);
    ip_allowed = murano::compile_ip_rules(settings);
}

}  // namespace device
