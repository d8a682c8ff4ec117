#include "config/cross_checks.h"

#include "config/address.h"
#include "config/load_settings.h"
#include "config/readable_file.h"

#include <algorithm>
#include <filesystem>
#include <string>

namespace config {

namespace {

void error_at(LoadedSettings& loaded, std::string_view path, std::string message) {
    const Setting& setting = *find_setting_by_path(path);
    loaded.problems.error(problem_at(loaded.origin_of(setting), setting, std::move(message)));
}

void warning_at(LoadedSettings& loaded, std::string_view path, std::string message) {
    const Setting& setting = *find_setting_by_path(path);
    loaded.problems.warning(problem_at(loaded.origin_of(setting), setting, std::move(message)));
}

// Who reaches the control API can do everything, so it is open to others only on purpose.
void check_api(LoadedSettings& loaded) {
    const ServerSettings& settings = loaded.settings;
    if (!settings.api_token.empty()) return;
    const auto check = [&](const Endpoint& endpoint, std::string_view path) {
        if (is_loopback(endpoint.host)) return;
        if (settings.api_open) {
            warning_at(loaded, path,
                       to_string(endpoint) + " lets in everybody who reaches it (api_open); an --api-token ends that");
            return;
        }
        error_at(
            loaded, path,
            to_string(endpoint) + " is not a loopback address: set --api-token, or --api-open to let everybody in");
    };
    check(settings.listen.api, "listen.api");
    for (const Endpoint& endpoint : settings.listen.api_tls) check(endpoint, "listen.api_tls");
}

void check_file(LoadedSettings& loaded, std::string_view path, const std::string& file) {
    if (file.empty()) return;
    std::error_code error;
    if (const std::string why = why_not_readable(file); !why.empty()) {
        error_at(loaded, path, file + " " + why);
    } else if (std::filesystem::file_size(file, error) == 0) {
        error_at(loaded, path, file + " is empty, expected PEM");
    }
}

void check_pair(LoadedSettings& loaded, std::string_view cert_path, const std::string& cert, std::string_view key_path,
                const std::string& key) {
    if (!cert.empty() && key.empty()) error_at(loaded, cert_path, "needs " + std::string(key_path) + " beside it");
    if (cert.empty() && !key.empty()) error_at(loaded, key_path, "needs " + std::string(cert_path) + " beside it");
    check_file(loaded, cert_path, cert);
    check_file(loaded, key_path, key);
}

// What was said nearest counts, and images and units set the folder's variable for everybody: no mistake.
void check_data_folder(LoadedSettings& loaded) {
    if (!loaded.settings.ephemeral) return;
    for (const std::string_view path : {"data_dir", "recover"}) {
        const auto kind = loaded.origin_of(*find_setting_by_path(path)).kind;
        const bool given = kind != Origin::Kind::built_in && (path == "data_dir" || loaded.settings.recover);
        if (!given || kind == Origin::Kind::environment ||
            kind < loaded.origin_of(*find_setting_by_path("ephemeral")).kind)
            continue;
        error_at(loaded, path, "has no effect with ephemeral, which keeps nothing: leave one of them out");
    }
}

void check_limits(LoadedSettings& loaded) {
    const Limits& limits = loaded.settings.limits;
    constexpr std::string_view path = "limits.anonymous_max_packet_bytes";
    const bool given = loaded.origin_of(*find_setting_by_path(path)).kind != Origin::Kind::built_in;
    if (!given || limits.anonymous_max_packet_bytes <= limits.max_packet_bytes) return;
    error_at(loaded, path,
             "is " + std::to_string(limits.anonymous_max_packet_bytes) + ", more than limits.max_packet_bytes (" +
                 std::to_string(limits.max_packet_bytes) + "), which holds for every client");
}

void check_connectors(LoadedSettings& loaded) {
    const ServerSettings& settings = loaded.settings;
    const bool default_is_made =
        settings.auto_create_connectors || settings.connectors.contains(settings.default_connector);
    if (!default_is_made) {
        warning_at(loaded, "default_connector",
                   settings.default_connector +
                       " is none of the connectors, and auto_create_connectors is false: "
                       "devices that mean it are refused [R3]");
    }
    for (const PlainEndpoint& plain : settings.listen.mqtt) {
        const std::string& id = plain.connector.empty() ? settings.default_connector : plain.connector;
        if (settings.connector(id).protocol.devmode) continue;
        warning_at(loaded, "listen.mqtt",
                   to_string(plain) + ": protocol.devmode of connector " + id +
                       " is false, so every CONNECT there is refused with 5 until it is true [R1]");
    }
}

}  // namespace

void check_settings(LoadedSettings& loaded) {
    const ServerSettings& settings = loaded.settings;
    check_api(loaded);
    check_data_folder(loaded);
    check_limits(loaded);
    check_pair(loaded, "ca_cert", settings.ca_cert, "ca_key", settings.ca_key);
    check_pair(loaded, "tls_cert", settings.tls_cert, "tls_key", settings.tls_key);
    check_connectors(loaded);
}

}  // namespace config
