#include "server/net/tls_sni.h"

#include "certs/host_name.h"

#include <algorithm>

namespace net {
namespace {

bool is_connector(std::string_view label) {
    const auto legal = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), legal);
}

SniChoice refuse(std::string why) {
    return {"", std::move(why)};
}

SniChoice without_name(std::string_view default_connector, bool require_sni, std::string_view what_came) {
    if (!require_sni) return {std::string(default_connector), ""};
    return refuse(std::string(what_came) + "; Murano needs <connector>.<domain> there to know the connector");
}

// Only printable names may reach a log line.
SniChoice not_a_name() {
    return refuse("the name that the client asked for (SNI) is not a host name");
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
    if (!sni) return without_name(default_connector, require_sni, "the client sent no server name (SNI)");
    const std::string name = normal_host_name(*sni);
    if (certs::is_ip_address(name))
        return without_name(default_connector, require_sni,
                            "the client sent the IP address " + name + " as server name (SNI)");
    const std::string suffix = "." + std::string(domain);
    if (!name.ends_with(suffix)) {
        if (!certs::is_host_name(name)) return not_a_name();
        return {std::string(default_connector), ""};
    }
    const std::string label = name.substr(0, name.size() - suffix.size());
    if (is_connector(label)) return {label, ""};
    if (!certs::is_host_name(name)) return not_a_name();
    if (label.find('.') != std::string::npos)
        return refuse("the server name " + name + " has more than one label before " + suffix);
    return refuse("the server name " + name + " does not begin with a connector id ([a-z0-9-])");
}

}  // namespace net
