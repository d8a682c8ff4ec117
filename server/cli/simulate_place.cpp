#include "server/cli/simulate_place.h"

#include "certs/error.h"
#include "config/nearest.h"
#include "config/resource_json.h"
#include "server/cli/api_client.h"
#include "server/cli/name_lookup.h"
#include "server/cli/part_file.h"

#include <charconv>
#include <ostream>
#include <set>
#include <sstream>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::uint16_t usual_port = 8883;
constexpr std::uint16_t usual_plain_port = 1883;

std::string host_of_url(const std::string& url) {
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
    auto host = url.substr(begin, url.find('/', begin) - begin);
    const auto colon = host.rfind(':');
    if (colon != std::string::npos && host.find(']', colon) == std::string::npos) host.resize(colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return host;
}

std::uint16_t port_of(const DevicePlace& place) {
    std::uint16_t port = place.plain ? usual_plain_port : usual_port;
    std::from_chars(place.port.data(), place.port.data() + place.port.size(), port);
    return port;
}

boost::asio::ip::tcp::endpoint endpoint_of(const DevicePlace& place) {
    const auto& name = place.address.empty() ? place.host : place.address;
    const auto found = look_up(name);
    if (found.addresses.empty())
        throw CommandFailed(name + " leads nowhere (" + found.error + "): name the server with --device-address");
    return {boost::asio::ip::make_address(found.addresses.front()), port_of(place)};
}

SimulateScene scene_of(const DevicePlace& place, const std::string& ca_pem) {
    auto there = std::make_shared<simulator::Place>();
    there->endpoint = endpoint_of(place);
    there->host = place.host;
    try {
        if (!place.plain) there->tls = std::make_shared<const simulator::TlsClient>(ca_pem);
    } catch (const certs::Error& error) {
        throw CommandFailed("--ca " + place.ca_file + ": " + error.what());
    }
    std::ostringstream words;
    words << there->endpoint << " as " << place.host;
    return {std::move(there), words.str()};
}

// What of the profile the connector lacks, as a patch; an empty object: nothing.
JsonNode missing_resources(const simulator::Profile& profile, const JsonNode& settings) {
    JsonNode missing = JsonNode::object();
    const auto* there = settings.find("resources");
    for (const auto& resource : profile.resources) {
        if (there != nullptr && there->find(resource.alias) != nullptr) continue;
        config::ResourceDefinition definition;
        definition.format = resource.format;
        definition.settable = resource.is_setting();
        missing.put(resource.alias, config::to_json(definition));
    }
    return missing;
}

void add_resources(ApiClient& api, const std::string& connector, JsonNode missing, std::ostream& err) {
    if (missing.members.empty()) return;
    std::string names;
    for (const auto& member : missing.members) names.append(names.empty() ? "" : ", ").append(member.key);
    api.send("PATCH", "/_emulator/v1/connectors/" + percent_encode(connector),
             JsonNode::object({{"resources", std::move(missing)}}));
    err << "Connector " << connector << " has got the resources " << names << ".\n";
}

// A device that was here before would not get a second token: it goes on with its own.
std::map<std::string, std::string, std::less<>> known_credentials(ApiClient& api, const std::string& connector,
                                                                  const SimulateRequest& request) {
    const auto listed = api.get_json(service_path(connector, "/device2/identity/?limit=10000"));
    const bool all_listed = text_of(listed, "mayLoadMore") != "true";
    std::set<std::string> there;
    if (const auto* devices = listed.find("devices")) {
        for (const auto& device : devices->items) there.insert(text_of(device, "identity"));
    }
    std::map<std::string, std::string, std::less<>> known;
    for (std::size_t i = 0; i < request.count; ++i) {
        const auto identity = request.identity_of(i);
        const auto secret = emulator_identity_path(connector, identity, "/secret");
        const bool may_be_there = !all_listed || there.contains(identity);
        if (may_be_there && api.exists(secret)) known[identity] = text_of(api.get_json(secret), "key");
    }
    return known;
}

// The host, port and authority that nobody named, from the server.
void ask_server(const ClientOptions& options, const JsonNode& settings, DevicePlace& place) {
    const auto fqdn = text_of(settings, "fqdn");
    const auto colon = fqdn.find(':');
    if (place.host.empty()) place.host = fqdn.substr(0, colon);
    if (place.port.empty()) place.port = colon == std::string::npos ? "443" : fqdn.substr(colon + 1);
    if (place.address.empty()) place.address = host_of_url(options.url);
}

}  // namespace

SimulateScene simulate_scene(const ClientOptions& options, const SimulateRequest& request, std::ostream& err) {
    auto place = request.place;
    if (place.is_complete()) return scene_of(place, place.plain ? std::string() : text_of_file(place.ca_file));
    ApiClient api(options);
    const auto connector =
        api.connector().empty() ? text_of(api.get_json("/_emulator/v1/connectors"), "default") : api.connector();
    const auto settings = api.get_json(service_path(connector, "/device2"));
    const auto* provisioning = settings.find("provisioning");
    const auto auth_type = provisioning == nullptr ? std::string() : text_of(*provisioning, "auth_type");
    if (auth_type == "certificate" && !request.password && request.token.empty())
        throw CommandFailed("connector " + connector +
                            " wants certificates, which simulated devices do not have: choose another connector");
    if (request.adds_resources) add_resources(api, connector, missing_resources(*request.profile, settings), err);
    ask_server(options, settings, place);
    const auto ca = place.plain             ? std::string()
                    : place.ca_file.empty() ? api.get("/_emulator/v1/ca.crt")
                                            : text_of_file(place.ca_file);
    auto scene = scene_of(place, ca);
    scene.chooses_password = auth_type == "password";
    const bool provision = request.token.empty() && !request.password;
    if (provision && api.exists("/_emulator/v1/connectors/" + percent_encode(connector)))
        scene.known = known_credentials(api, connector, request);
    return scene;
}

}  // namespace cli
