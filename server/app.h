#pragma once
// The running server: builds everything in order and stops it in reverse. Only this file knows all boxes.

#include "config/settings.h"
#include "server/runtime/log.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace app {

// Reads the settings again (SIGHUP); nullopt if they are wrong, and `error` says why.
using Reload = std::function<std::optional<config::ServerSettings>(std::string& error)>;

class App {
  public:
    // Opens the data folder, the store, the certificates and the ports. Throws std::runtime_error (or
    // storage::OpenError, certs::Error) with a sentence for the user.
    App(const config::ServerSettings& settings, runtime::Log& log, Reload reload);
    ~App();

    // Accepts connections, reports that it is ready, and serves until SIGTERM or SIGINT; then commits and closes.
    void run();

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace app
