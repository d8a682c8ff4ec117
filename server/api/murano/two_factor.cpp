// /api:1/key/{code}: the second factor of a login. Murano sends the code by mail; here an account has one when its name
// ends in "+twofactor" (m+twofactor@example.com), and the answer to the login holds what the mail would say.
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"

namespace api {

using config::JsonNode;

namespace {

constexpr std::int64_t code_holds_us = 600 * std::int64_t{1'000'000};
constexpr std::size_t code_length = 8;

std::optional<AccountToken> pending(Services& services, const Request& request) {
    return services.codes.find(request.param("code"), services.clock.clock({}).now_us);
}

Outcome unknown_code() {
    return not_found("no such code, or it was used, or it is older than ten minutes");
}

Outcome show(Services& services, const Request& request) {
    const auto account = pending(services, request);
    if (!account) return unknown_code();
    return json_response(JsonNode::object({{"email", JsonNode::of(account->email)}}));
}

Outcome exchange(Services& services, const Request& request) {
    JsonBody body(request.body, config::KeyMode::lenient);
    const auto password = body.text(body.object(), "password");
    if (auto error = body.error()) return *error;
    if (!password) return bad_request("is needed", "$.password");
    const auto account = pending(services, request);
    if (!account) return unknown_code();
    if (!password_fits(services, password)) return Error{401, "unauthorized", "wrong password", {}};
    services.codes.remove(request.param("code"));
    return new_token(services, account->email, std::nullopt);
}

}  // namespace

bool has_second_factor(std::string_view email) {
    return email.substr(0, email.find('@')).ends_with("+twofactor");
}

Outcome ask_second_factor(Services& services, const std::string& email) {
    const std::string code = services.random.alphanumeric(code_length);
    services.codes.add(code, {email, services.clock.clock({}).now_us + code_holds_us});
    return json_response(
        JsonNode::object(
            {{"statusCode", number_node(409)}, {"message", JsonNode::of("twofactor")}, {"key", JsonNode::of(code)}}),
        409);
}

void add_two_factor_routes(Routes& routes, Services& services) {
    const std::string path = "/api:1/key/{code}";
    Route get{"GET", path, Family::murano, "Whose login waits for this code of the second factor"};
    get.answers = {{200, "email", "application/json"}, {404, "unknown, used or too old", "application/json"}};
    get.access = Access::open;
    get.handler = [&services](const Request& request) { return show(services, request); };
    routes.push_back(std::move(get));

    Route post{"POST", path, Family::murano, "Ends a login with a second factor: the token"};
    post.body = BodyKind::json;
    post.body_schema = R"({"type":"object","required":["password"],"properties":{"password":{"type":"string"}}})";
    post.answers = {{200, "the token", "application/json"},
                    {401, "wrong password", "application/json"},
                    {404, "unknown, used or too old", "application/json"}};
    post.access = Access::open;
    post.handler = [&services](const Request& request) { return exchange(services, request); };
    routes.push_back(std::move(post));
}

}  // namespace api
