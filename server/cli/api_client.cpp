#include "server/cli/api_client.h"

namespace cli {

using config::JsonNode;

namespace {

// What one of the three shapes of an error says. See api/answers.h.
std::string message_of(const std::string& body) {
    const auto parsed = config::parse_json(body, config::JsonDialect::strict);
    if (!parsed.root || !parsed.root->is(JsonNode::Kind::object)) return body;
    const auto* error = parsed.root->find("error");
    const auto& holder = error != nullptr ? *error : *parsed.root;
    const auto path = text_of(holder, "path");
    const auto message = text_of(holder, "message");
    return path.empty() ? message : path + ": " + message;
}

}  // namespace

ApiClient::ApiClient(const ClientOptions& options)
    : server_{options.url, options.api_token}, connector_(options.value("--connector")) {
    if (!options.unready.empty()) throw CommandFailed(options.unready);
}

const std::string& ApiClient::connector() {
    if (connector_.empty()) connector_ = text_of(get_json("/_emulator/v1/connectors"), "default");
    return connector_;
}

std::string ApiClient::service(std::string_view rest) {
    return "/api:1/service/" + percent_encode(connector()) + std::string(rest);
}

std::string ApiClient::identity(std::string_view identity, std::string_view rest) {
    return service("/device2/identity/" + percent_encode(identity) + std::string(rest));
}

std::string ApiClient::emulator_identity(std::string_view identity, std::string_view rest) {
    return "/_emulator/v1/connectors/" + percent_encode(connector()) + "/identities/" + percent_encode(identity) +
           std::string(rest);
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

void check(const HttpAnswer& answer) {
    if (answer.good()) return;
    auto message = message_of(answer.body);
    while (message.ends_with('\n')) message.pop_back();
    const auto status = "the server answered " + std::to_string(answer.status);
    throw CommandFailed(message.empty() ? status : message + " (" + status + ")");
}

JsonNode parse_answer(std::string_view body) {
    auto parsed = config::parse_json(body, config::JsonDialect::strict);
    if (!parsed.root || !parsed.faults.empty()) throw CommandFailed("the answer is no JSON: is this murano-emulator?");
    return std::move(*parsed.root);
}

std::string text_of(const JsonNode& node, std::string_view key) {
    const auto* member = node.find(key);
    if (member == nullptr) return {};
    if (member->is(JsonNode::Kind::string) || member->is(JsonNode::Kind::number)) return member->text;
    return config::to_json_text(*member);
}

}  // namespace cli
