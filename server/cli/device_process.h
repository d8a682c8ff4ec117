#pragma once
// A device that is a program on this machine: what it finds in its environment, and its life as a process group that
// can be cut off from power.

#include "server/cli/api_client.h"
#include "server/cli/child_process.h"
#include "server/cli/own_server.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// A device as its firmware needs to know it.
struct DeviceAccount {
    std::string connector, identity;
    std::string token;  // or password; empty: it has none
};

// Gives the identity a token where it has no credential yet. A token or password that it has is kept.
DeviceAccount provisioned_device(ApiClient& api, const std::string& connector, const std::string& identity);

// The connector that a server takes for names which say none ("localhost").
std::string default_connector(ApiClient& api);

// What the device says in SNI and checks in the certificate: "<connector>.<domain>" where that name leads to the
// server, else "localhost" where it means the same connector, else "<connector>.<domain>" all the same.
std::string device_host(const ServerPlace& place, const std::string& connector, const std::string& default_connector);

// MURANO_HOST, MURANO_ADDRESS, MURANO_PORT, MURANO_CA, MURANO_CONNECTOR, MURANO_IDENTITY, MURANO_TOKEN (where it has
// one), MURANO_API.
Variables device_variables(const ServerPlace& place, const DeviceAccount& device, const std::string& host);

class DeviceProcess {
  public:
    // `command` is one of a shell.
    DeviceProcess(std::string command, Variables variables);

    // Starts it; one that runs is killed before. Throws StartFailed.
    void start();
    // SIGKILL to all of its processes, as when the power is cut. Nothing where it does not run.
    void cut_power();

    bool running() const { return process_ && !process_->exit_code(); }
    // Of the last start, once the device has ended by itself.
    std::optional<int> exit_code() const { return process_ ? process_->exit_code() : std::nullopt; }

  private:
    std::string command_;
    Variables variables_;
    std::optional<ChildProcess> process_;
};

}  // namespace cli
