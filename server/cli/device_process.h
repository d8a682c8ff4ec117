#pragma once
// A device that is a program on this machine: its environment variables, and its process group, which can be cut off
// from power.

#include "server/cli/api_client.h"
#include "server/cli/child_process.h"
#include "server/cli/own_server.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// What a device's firmware needs to know.
struct DeviceAccount {
    std::string connector, identity;
    std::string token;  // or password; empty: none
};

// Gives an identity without credential a token. Keeps an existing token or password.
DeviceAccount provisioned_device(ApiClient& api, const std::string& connector, const std::string& identity);

// The server's connector for host names that name none ("localhost").
std::string default_connector(ApiClient& api);

// The name that the device sends in SNI and checks in the certificate: "localhost" if only that resolves to the server
// and means the same connector; otherwise "<connector>.<domain>".
std::string device_host(const ServerPlace& place, const std::string& connector, const std::string& default_connector);

// MURANO_HOST, MURANO_ADDRESS, MURANO_PORT, MURANO_CA, MURANO_CONNECTOR, MURANO_IDENTITY, MURANO_TOKEN (if any),
// MURANO_API.
Variables device_variables(const ServerPlace& place, const DeviceAccount& device, const std::string& host);

class DeviceProcess {
  public:
    // `command`: a shell command.
    DeviceProcess(std::string command, Variables variables);

    // Starts it; kills a running one first. Throws StartFailed.
    void start();

    bool running() const { return process_ && !process_->exit_code(); }
    // Of the last start, if the device ended by itself.
    std::optional<int> exit_code() const { return process_ ? process_->exit_code() : std::nullopt; }

  private:
    std::string command_;
    Variables variables_;
    std::optional<ChildProcess> process_;
};

}  // namespace cli
