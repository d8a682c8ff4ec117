#include "server/cli/device_process.h"

#include "server/cli/name_lookup.h"
#include "server/runtime/random.h"

namespace cli {
namespace {

using config::JsonNode;

constexpr std::size_t token_length = 40;  // as Murano's [R48]

}  // namespace

DeviceAccount provisioned_device(ApiClient& api, const std::string& connector, const std::string& identity) {
    const auto secret = emulator_identity_path(connector, identity, "/secret");
    if (api.exists(secret)) {
        const auto found = api.get_json(secret);
        const auto type = text_of(found, "type");
        if (type == "token" || type == "password") return {connector, identity, text_of(found, "key")};
        return {connector, identity, {}};
    }
    const auto token = runtime::Random::from_system().alphanumeric(token_length);
    const auto auth = JsonNode::object({{"type", JsonNode::of("token")}, {"key", JsonNode::of(token)}});
    api.send("PUT", identity_path(connector, identity), JsonNode::object({{"auth", auth}}));
    return {connector, identity, token};
}

std::string default_connector(ApiClient& api) {
    return text_of(api.get_json("/_emulator/v1/connectors"), "default");
}

std::string device_host(const ServerPlace& place, const std::string& connector, const std::string& default_connector) {
    auto host = connector + "." + place.domain;
    if (connector != default_connector || name_leads_to(host, place.host)) return host;
    return "localhost";
}

Variables device_variables(const ServerPlace& place, const DeviceAccount& device, const std::string& host) {
    Variables variables{
        {"MURANO_HOST", host},    {"MURANO_ADDRESS", place.host},         {"MURANO_PORT", place.port},
        {"MURANO_CA", place.ca},  {"MURANO_CONNECTOR", device.connector}, {"MURANO_IDENTITY", device.identity},
        {"MURANO_API", place.api}};
    if (!device.token.empty()) variables.emplace("MURANO_TOKEN", device.token);
    return variables;
}

DeviceProcess::DeviceProcess(std::string command, Variables variables)
    : command_(std::move(command)), variables_(std::move(variables)) {}

void DeviceProcess::start() {
    process_.reset();
    process_.emplace(ChildOptions{{"/bin/sh", "-c", command_}, variables_});
}

}  // namespace cli
