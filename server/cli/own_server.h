#pragma once
// A server of a command's own: this binary as `serve --ephemeral` on free ports of the loopback address. It ends with
// the object, or with the process, and leaves nothing behind.

#include "server/cli/child_process.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// Where a server is, as its ready file says.
struct ServerPlace {
    std::string api;   // "http://127.0.0.1:40001"
    std::string host;  // of its first TLS device port: "127.0.0.1"
    std::string port;
    std::string ca;  // file with the authority that devices trust
    std::string domain;
};

// Throws CommandFailed when it is no ready file's text.
ServerPlace read_server_place(std::string_view ready_json);

class OwnServer {
  public:
    struct Options {
        std::vector<std::string> flags = {};  // of `serve`, beside those that make it ephemeral and private
        std::string log_file = {};            // empty: a temporary one
    };

    // Returns when the server is ready. Throws CommandFailed with the server's own words when it does not start, and
    // UsageError when it does not take the flags or the settings file.
    explicit OwnServer(const Options& options);
    // SIGTERM, and SIGKILL for one that does not stop.
    ~OwnServer();
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    const ServerPlace& place() const { return place_; }
    // For programs that look for the server in MURANO_EMULATOR_READY_FILE.
    std::string ready_file() const { return folder_ / "ready.json"; }
    // The end of its log, for an error.
    std::string last_words() const;
    bool running() const { return !process_->exit_code(); }

  private:
    void start(const Options& options);

    std::filesystem::path folder_, log_;
    std::optional<ChildProcess> process_;
    ServerPlace place_;
};

// This program's file, for starting it again.
std::string own_binary();

}  // namespace cli
