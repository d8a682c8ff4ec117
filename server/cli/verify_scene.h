#pragma once
// What `verify` plays in: a server, which it starts where none is named, and the device as a program of this machine.

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
    // Starts a server where none is named and the device is a program. Throws std::runtime_error.
    VerifyScene(ClientOptions options, const VerifyRequest& request);
    ~VerifyScene();
    VerifyScene(const VerifyScene&) = delete;
    VerifyScene& operator=(const VerifyScene&) = delete;

    // Finds out where devices connect, and gives the device a token where its command asks for one.
    void prepare(std::ostream& err);
    ApiClient& api() { return *api_; }
    const std::string& connector() const { return connector_; }
    const std::string& given_host() const { return host_; }  // MURANO_HOST; empty: no program

    void start_device();
    // Runs what answers the hook. Gives what went wrong; empty: done.
    std::string answer(const std::string& hook);
    // Its exit code, once, where the program has ended by itself.
    std::optional<int> device_ended();

  private:
    void find_ports();
    void find_host(std::ostream& err);
    std::string token();
    Variables variables() const;
    ChildOptions in_a_shell(const std::string& command) const;

    ClientOptions options_;
    const VerifyRequest& request_;
    std::filesystem::path folder_;  // of temporary files; empty: none
    std::optional<OwnServer> server_;
    std::optional<ChildProcess> device_;
    std::unique_ptr<ApiClient> api_;
    std::string connector_, host_, address_, port_, ca_, token_;
};

}  // namespace cli
