#pragma once
// The environment of `verify`: a server, started unless one is named, and the device as a program on this machine.

#include "server/cli/api_client.h"
#include "server/cli/child_process.h"
#include "server/cli/own_server.h"
#include "server/cli/verify_request.h"

#include <filesystem>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>

namespace cli {

class VerifyScene {
  public:
    // Starts a server if none is named and the device is a program. Throws std::runtime_error.
    VerifyScene(ClientOptions options, const VerifyRequest& request);
    ~VerifyScene();
    VerifyScene(const VerifyScene&) = delete;
    VerifyScene& operator=(const VerifyScene&) = delete;

    // Finds out where devices connect, and gives the device a token if its command uses one.
    void prepare(std::ostream& err);
    ApiClient& api() { return *api_; }
    const std::string& connector() const { return connector_; }
    const std::string& given_host() const { return host_; }  // MURANO_HOST; empty: no program

    void start_device();
    // Runs the hook's command. Returns the error; empty: done.
    std::string answer(const std::string& hook);
    // The program's exit code, once, if it ended by itself.
    std::optional<int> device_ended();

  private:
    void find_ports();
    void find_host(std::ostream& err);
    std::string token();
    Variables variables() const;
    ChildOptions in_a_shell(const std::string& command) const;

    ClientOptions options_;
    const VerifyRequest& request_;
    std::filesystem::path folder_;  // for temporary files; empty: none
    std::optional<OwnServer> server_;
    std::optional<ChildProcess> device_;
    std::unique_ptr<ApiClient> api_;
    std::string connector_, host_, address_, port_, ca_, token_;
};

}  // namespace cli
