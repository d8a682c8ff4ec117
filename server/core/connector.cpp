#include "server/core/connector.h"

#include "config/connector_settings_json.h"
#include "server/murano/provisioning.h"

namespace device {
namespace {

// Earlier versions took TLS policies that cannot be in force: without that, all else still counts.
std::optional<config::ConnectorSettings> without_tls_policy(std::string_view text,
                                                            const config::ConnectorSettings& defaults) {
    auto parsed = config::parse_json(text, config::JsonDialect::strict);
    if (!parsed.root) return std::nullopt;
    config::merge_patch(*parsed.root,
                        *config::parse_json(R"({"protocol":{"tls":null}})", config::JsonDialect::strict).root);
    config::Problems problems;
    return config::parse_connector_text(config::to_json_text(*parsed.root), defaults, config::KeyMode::lenient,
                                        problems);
}

}  // namespace

void Connector::apply(const config::ConnectorSettings& new_settings) {
    settings = new_settings;
    resources = murano::ResourceTable(settings.resources);
    ip_allowed = murano::compile_ip_rules(settings);
}

std::optional<config::ConnectorSettings> kept_settings(const storage::ConnectorRow& row,
                                                       const config::ConnectorSettings& defaults, std::string& error) {
    config::Problems problems;
    auto settings = config::parse_connector_text(row.settings_json, defaults, config::KeyMode::lenient, problems);
    if (settings && problems.ok()) return settings;
    error = problems.error_text();
    return without_tls_policy(row.settings_json, defaults);
}

}  // namespace device
