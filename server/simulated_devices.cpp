#include "server/simulated_devices.h"

#include <charconv>
#include <utility>

#include <boost/asio/ip/address.hpp>

namespace app {
namespace {

using config::AuthType;
using device::ControlError;

constexpr std::size_t at_once = 4;  // handshakes: the loop has other work too

ControlError conflict(std::string message, std::string path = {}) {
    return {device::ErrorKind::conflict, std::move(message), std::move(path)};
}

}  // namespace

SimulatedInServer::SimulatedInServer(Parts parts) : parts_(std::move(parts)), fleet_(parts_.io, at_once) {}

// A port of every address is reached by the loopback address.
void SimulatedInServer::use_port(const std::string& address) {
    if (address.empty()) return;
    const auto colon = address.rfind(':');
    auto host = address.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
    boost::system::error_code error;
    auto ip = boost::asio::ip::make_address(host, error);
    if (error) return;
    if (ip.is_unspecified() && ip.is_v4()) ip = boost::asio::ip::address_v4::loopback();
    if (ip.is_unspecified() && ip.is_v6()) ip = boost::asio::ip::address_v6::loopback();
    endpoint_ = {ip, port};
}

std::variant<std::vector<api::SimulatedView>, ControlError> SimulatedInServer::start(const api::SimulatedOrder& order) {
    if (endpoint_.port() == 0) return conflict("this server has no TLS port for devices (--mqtts)");
    if (numbers_.size() + order.count > most)
        return conflict("there are " + std::to_string(numbers_.size()) + " simulated devices already, and " +
                            std::to_string(most) + " is the most",
                        "$.count");
    auto names = names_for(order);
    if (auto* error = std::get_if<ControlError>(&names)) return std::move(*error);
    if (auto failure = add_resources(order)) return std::move(*failure);
    std::vector<api::SimulatedView> views;
    for (const auto& identity : std::get<std::vector<std::string>>(names)) {
        const auto& kinds = order.misbehaviours;
        add(order, identity, kinds.empty() ? simulator::Misbehaviour::none : kinds[views.size() % kinds.size()]);
        views.push_back(view_of({order.connector, identity}, numbers_.at({order.connector, identity})));
    }
    return views;
}

std::variant<std::vector<std::string>, ControlError> SimulatedInServer::names_for(const api::SimulatedOrder& order) {
    std::vector<std::string> names;
    for (std::size_t number = 1; names.size() < order.count; ++number) {
        const bool is_free_choice = order.identity.empty();
        auto name = is_free_choice ? "simulated-" + std::to_string(number) : order.identity;
        if (!is_free_choice && order.count > 1) name += "-" + std::to_string(number);
        const bool taken = numbers_.contains({order.connector, name});
        // A name of ours may be that of a device which was here before.
        if (is_free_choice && (taken || parts_.control.identity(order.connector, name))) continue;
        if (taken) return conflict("device " + name + " is simulated already", "$.identity");
        names.push_back(std::move(name));
    }
    return names;
}

// Those of the profile that the connector lacks.
device::Failure SimulatedInServer::add_resources(const api::SimulatedOrder& order) {
    auto settings = parts_.control.connector_settings(order.connector);
    if (settings.provisioning.auth_type == AuthType::certificate)
        return conflict("connector " + order.connector + " wants certificates, which simulated devices do not have");
    bool added = false;
    for (const auto& resource : order.profile->resources) {
        config::ResourceDefinition definition;
        definition.format = resource.format;
        definition.settable = resource.is_setting();
        added |= settings.resources.try_emplace(resource.alias, definition).second;
    }
    if (!added && parts_.control.connector_exists(order.connector)) return std::nullopt;
    return parts_.control.put_connector_settings(order.connector, settings);
}

std::shared_ptr<const simulator::Place> SimulatedInServer::place_of(const std::string& connector) {
    if (!tls_) tls_ = std::make_shared<const simulator::TlsClient>(parts_.ca_pem());
    return std::make_shared<const simulator::Place>(simulator::Place{endpoint_, connector + "." + parts_.domain, tls_});
}

// A device that was here before goes on with its token.
void SimulatedInServer::add(const api::SimulatedOrder& order, const std::string& identity,
                            simulator::Misbehaviour misbehaviour) {
    simulator::DeviceOptions options{.identity = identity, .misbehaviour = misbehaviour};
    const auto known = parts_.control.identity(order.connector, identity);
    if (known && known->row.auth_type != "certificate") options.token = known->row.key;
    const auto auth_type = parts_.control.connector_settings(order.connector).provisioning.auth_type;
    options.chooses_password =
        options.token.empty() ? auth_type == AuthType::password : known->row.auth_type == "password";
    options.seed = ++parts_.seed;
    const Name name{order.connector, identity};
    numbers_[name] = fleet_.add(place_of(order.connector), order.profile, std::move(options));
}

api::SimulatedView SimulatedInServer::view_of(const Name& name, std::uint64_t number) const {
    const auto* device = fleet_.find(number);
    const auto& counts = device->counts();
    return {.connector = name.connector,
            .identity = name.identity,
            .profile = device->profile().name,
            .misbehaviour = std::string(simulator::to_string(device->options().misbehaviour)),
            .logged_in = device->working(),
            .reports = counts.reports,
            .settings = counts.settings,
            .failures = counts.failures,
            .last_failure = device->last_failure()};
}

std::vector<api::SimulatedView> SimulatedInServer::list() const {
    std::vector<api::SimulatedView> views;
    for (const auto& [name, number] : numbers_) views.push_back(view_of(name, number));
    return views;
}

std::size_t SimulatedInServer::stop(std::string_view connector, std::string_view identity) {
    std::size_t stopped = 0;
    for (auto at = numbers_.begin(); at != numbers_.end();) {
        const bool fits = (connector.empty() || at->first.connector == connector) &&
                          (identity.empty() || at->first.identity == identity);
        if (!fits) {
            ++at;
            continue;
        }
        fleet_.remove(at->second);
        at = numbers_.erase(at);
        ++stopped;
    }
    return stopped;
}

}  // namespace app
