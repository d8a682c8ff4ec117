#include "server/cli/api_client.h"

namespace cli {

using config::JsonNode;

namespace {

struct ErrorText {
    std::string path, message;
};

// What one of the three shapes of an error says. See api/answers.h.
ErrorText error_of(const std::string& body) {
    const auto parsed = config::parse_json(body, config::JsonDialect::strict);
    if (!parsed.root || !parsed.root->is(JsonNode::Kind::object)) return {{}, body};
    if (const auto* error = parsed.root->find("error")) return {text_of(*error, "path"), text_of(*error, "message")};
    // Murano's own shape has the path in front of the sentence.
    auto message = text_of(*parsed.root, "message");
    const auto end = message.find_first_of(": ");
    const bool has_path = (message.starts_with('?') || message.starts_with('$')) && end != std::string::npos &&
                          std::string_view(message).substr(end).starts_with(": ");
    if (!has_path) return {{}, message};
    return {message.substr(0, end), message.substr(end + 2)};
}

}  // namespace

ApiClient::ApiClient(const ClientOptions& options)
    : server_{options.url, options.api_token}, connector_(options.value("--connector")) {
    if (!options.unready.empty()) throw CommandFailed(options.unready);
}

bool ApiClient::exists(const std::string& target) {
    const auto answer = http_call(server_, {"GET", target}, usual_patience);
    if (answer.status == 404) return false;
    check(answer);
    return true;
}

std::string ApiClient::get(const std::string& target, std::chrono::milliseconds patience) {
    return call({"GET", target}, patience);
}

JsonNode ApiClient::get_json(const std::string& target) {
    return parse_answer(get(target));
}

std::string ApiClient::send(const std::string& method, const std::string& target, const JsonNode& body) {
    return call({method, target, config::to_json_text(body)}, usual_patience);
}

std::string ApiClient::send(const std::string& method, const std::string& target) {
    return call({method, target}, usual_patience);
}

std::string ApiClient::call(const HttpRequest& request, std::chrono::milliseconds patience) {
    auto answer = http_call(server_, request, patience);
    check(answer);
    return std::move(answer.body);
}

std::string service_path(std::string_view connector, std::string_view rest) {
    return "/api:1/service/" + percent_encode(connector).append(rest);
}

std::string identity_path(std::string_view connector, std::string_view identity, std::string_view rest) {
    return service_path(connector, "/device2/identity/" + percent_encode(identity).append(rest));
}

std::string emulator_identity_path(std::string_view connector, std::string_view identity, std::string_view rest) {
    return "/_emulator/v1/connectors/" + percent_encode(connector) + "/identities/" +
           percent_encode(identity).append(rest);
}

void check(const HttpAnswer& answer) {
    if (answer.good()) return;
    auto [path, message] = error_of(answer.body);
    while (message.ends_with('\n')) message.pop_back();
    const auto status = "the server answered " + std::to_string(answer.status);
    throw Refused(answer.status, std::move(path), message.empty() ? status : message + " (" + status + ")");
}

JsonNode parse_answer(std::string_view body) {
    auto parsed = config::parse_json(body, config::JsonDialect::strict);
    if (!parsed.root || !parsed.faults.empty()) throw CommandFailed("the answer is not JSON: is this murano-emulator?");
    return std::move(*parsed.root);
}

std::string text_of(const JsonNode& node, std::string_view key) {
    const auto* member = node.find(key);
    if (member == nullptr) return {};
    if (member->is(JsonNode::Kind::string) || member->is(JsonNode::Kind::number)) return member->text;
    return config::to_json_text(*member);
}

}  // namespace cli
