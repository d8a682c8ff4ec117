#include "server/net/tls/sni.h"

#include "certs/host_name.h"

#include <algorithm>
#include <utility>

namespace net {
namespace {

bool is_connector(std::string_view label) {
    const auto legal = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), legal);
}

constexpr const char* send_the_name = "Connect to <connector id>.<domain>, and send that name as SNI.";

SniChoice taken(std::string_view connector) {
    return {std::string(connector), {}, {}, {}};
}

SniChoice refuse(std::string_view code, std::string why, std::string hint = send_the_name) {
    return {"", code, std::move(why), std::move(hint)};
}

SniChoice without_name(std::string_view default_connector, bool require_sni, std::string_view code,
                       std::string_view what_came) {
    if (!require_sni) return taken(default_connector);
    return refuse(code, std::string(what_came) + "; Murano needs <connector>.<domain> there to know the connector.",
                  "Connect by host name with a TLS library that sends SNI; for tests, tls.require_sni: false takes the "
                  "default connector instead.");
}

// Only printable names may reach a log line.
SniChoice not_a_name() {
    return refuse("R3.not_a_host_name", "The name that the client asked for (SNI) is not a host name.");
}

// "x.m2.exosite.io:8883" without its port, where that leaves a name; empty otherwise.
std::string_view without_port(std::string_view name) {
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos) return {};
    const std::string_view host = name.substr(0, colon);
    const std::string_view port = name.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == port.npos;
    return digits && certs::is_host_name(host) ? host : std::string_view{};
}

SniChoice with_port(std::string_view name, std::string_view host) {
    return refuse("R3.port_in_sni", "The server name (SNI) " + std::string(name) + " holds a port.",
                  "Leave out the port: send " + std::string(host) + " as SNI.");
}

}  // namespace

std::string normal_host_name(std::string_view name) {
    if (name.ends_with('.')) name.remove_suffix(1);
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

SniChoice select_connector(std::optional<std::string_view> sni, std::string_view domain,
                           std::string_view default_connector, bool require_sni) {
    if (!sni) return without_name(default_connector, require_sni, "R3.no_sni", "The client sent no server name (SNI)");
    const std::string name = normal_host_name(*sni);
    if (certs::is_ip_address(name))
        return without_name(default_connector, require_sni, "R3.address_as_sni",
                            "The client sent the IP address " + name + " as server name (SNI)");
    if (const auto host = without_port(name); !host.empty()) return with_port(name, host);
    const std::string suffix = "." + std::string(domain);
    if (!name.ends_with(suffix)) {
        if (!certs::is_host_name(name)) return not_a_name();
        return taken(default_connector);
    }
    const std::string label = name.substr(0, name.size() - suffix.size());
    if (is_connector(label)) return taken(label);
    if (!certs::is_host_name(name)) return not_a_name();
    if (label.find('.') != std::string::npos)
        return refuse("R3.several_labels",
                      "The server name (SNI) " + name + " has more than one label before " + suffix + ".");
    return refuse("R3.no_connector_id",
                  "The server name (SNI) " + name + " does not begin with a connector id ([a-z0-9-]).");
}

}  // namespace net
