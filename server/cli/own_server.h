#pragma once
// A command's own server: this binary as `serve --ephemeral` on free ports of the loopback address. It ends with the
// object or the process, and leaves nothing behind.

#include "server/cli/child_process.h"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

// A server's addresses, as in its ready file.
struct ServerPlace {
    std::string api;   // "http://127.0.0.1:40001"
    std::string host;  // of its first TLS device port: "127.0.0.1"
    std::string port;
    std::string ca;  // file with the authority for devices
    std::string domain;
};

// Throws CommandFailed if it is not a ready file's text.
ServerPlace read_server_place(std::string_view ready_json);

class OwnServer {
  public:
    struct Options {
        std::vector<std::string> flags = {};  // of `serve`, in addition to those for an ephemeral, private server
        std::string log_file = {};            // empty: a temporary file
    };

    // Returns when the server is ready. Throws CommandFailed with the server's message if it does not start, and
    // UsageError if it refuses the flags or the settings file.
    explicit OwnServer(const Options& options);
    // SIGTERM, then SIGKILL if it does not stop.
    ~OwnServer();
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;

    const ServerPlace& place() const { return place_; }
    // For programs that read MURANO_EMULATOR_READY_FILE.
    std::string ready_file() const { return folder_ / "ready.json"; }
    // The end of its log, for an error message.
    std::string last_words() const;
    bool running() const { return !process_->exit_code(); }

  private:
    void start(const Options& options);

    std::filesystem::path folder_, log_;
    std::optional<ChildProcess> process_;
    ServerPlace place_;
};

// The path of this program, to start it again.
std::string own_binary();

}  // namespace cli
