#pragma once
// The control API for commands: paths, JSON in and out; an unsuccessful answer becomes an exception.

#include "config/json_tree.h"
#include "server/cli/client_options.h"
#include "server/cli/errors.h"
#include "server/cli/http_client.h"

#include <chrono>
#include <string>
#include <string_view>

namespace cli {

class ApiClient {
  public:
    explicit ApiClient(const ClientOptions& options);

    // The value of --connector; empty: not given, see places.h.
    const std::string& connector() const { return connector_; }

    // Whether the target of a GET exists. Throws Refused on anything but 2xx and 404.
    bool exists(const std::string& target);
    // Returns the body of the answer. Throws Refused on anything but 2xx.
    std::string get(const std::string& target, std::chrono::milliseconds patience = usual_patience);
    config::JsonNode get_json(const std::string& target);
    std::string send(const std::string& method, const std::string& target, const config::JsonNode& body);
    std::string send(const std::string& method, const std::string& target);

    const HttpServer& server() const { return server_; }

    static constexpr std::chrono::milliseconds usual_patience{30'000};

  private:
    std::string call(const HttpRequest& request, std::chrono::milliseconds patience);

    HttpServer server_;
    std::string connector_;
};

// "/api:1/service/{connector}" + rest
std::string service_path(std::string_view connector, std::string_view rest);
// "/api:1/service/{connector}/device2/identity/{identity}" + rest
std::string identity_path(std::string_view connector, std::string_view identity, std::string_view rest = {});
// "/_emulator/v1/connectors/{connector}/identities/{identity}" + rest
std::string emulator_identity_path(std::string_view connector, std::string_view identity, std::string_view rest);

// Throws Refused, with the server's sentence, unless it is a 2xx.
void check(const HttpAnswer& answer);

// A JSON answer as a tree. Throws CommandFailed if it is not JSON.
config::JsonNode parse_answer(std::string_view body);

// The text of a member, or of its number; empty: absent.
std::string text_of(const config::JsonNode& node, std::string_view key);

}  // namespace cli
