// /api:1/token/ and /api:1/user/: enough of Murano's accounts for its tools to log in.
#include "server/api/base/access.h"
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"

#include <algorithm>

namespace api {

using config::JsonNode;

namespace {

constexpr std::int64_t default_ttl_s = 172'800;
constexpr std::int64_t most_ttl_s = 315'360'000;  // ten years
constexpr std::int64_t us_per_s = 1'000'000;

Error wrong_password() {
    return {401, "unauthorized", "wrong e-mail or password", {}};
}

Outcome log_in(Services& services, const Request& request) {
    JsonBody body(request.body, config::KeyMode::lenient);
    const auto email = body.text(body.object(), "email");
    const auto password = body.text(body.object(), "password");
    const auto ttl = body.integer(body.object(), "ttl", true);
    if (auto error = body.error()) return *error;
    if (!email) return bad_request("an account has an e-mail address", "$.email");
    if (!password_fits(services, password)) return wrong_password();
    if (has_second_factor(*email)) return ask_second_factor(services, *email);
    return new_token(services, *email, ttl);
}

Outcome show_token(Services& services, const Request& request) {
    const std::int64_t now_us = services.clock.clock({}).now_us;
    const auto account = services.tokens.find(request.param("token"), now_us);
    if (!account) return not_found("no such token");
    return json_response(JsonNode::object(
        {{"email", JsonNode::of(account->email)}, {"ttl", number_node((account->expires_us - now_us) / us_per_s)}}));
}

Outcome forget_token(Services& services, const Request& request) {
    if (!services.tokens.remove(request.param("token"))) return not_found("no such token");
    return empty_response();
}

Outcome memberships() {
    JsonNode one = JsonNode::object({{"bizid", JsonNode::of("emulator")},
                                     {"role", JsonNode::of("admin")},
                                     {"name", JsonNode::of("Murano emulator")}});
    return json_response(JsonNode::array({std::move(one)}));
}

}  // namespace

bool password_fits(const Services& services, const std::optional<std::string>& password) {
    const std::string& wanted = services.options.token;
    return wanted.empty() || same_secret(password.value_or(""), wanted);
}

Outcome new_token(Services& services, const std::string& email, std::optional<std::int64_t> ttl_s) {
    const std::int64_t ttl = std::clamp<std::int64_t>(ttl_s.value_or(default_ttl_s), 1, most_ttl_s);
    std::string token = services.random.alphanumeric(40);
    services.tokens.add(token, {email, services.clock.clock({}).now_us + ttl * us_per_s});
    return json_response(JsonNode::object({{"token", JsonNode::of(token)}}));
}

void add_account_routes(Routes& routes, Services& services) {
    Route post{"POST", "/api:1/token/", Family::murano, "Logs in: any account, or the API token as password"};
    post.body = BodyKind::json;
    post.body_schema =
        R"({"type":"object","required":["email"],"properties":{"email":{"type":"string"},"password":{"type":"string"},"ttl":{"type":"integer","description":"seconds"}}})";
    post.answers = {{200, "the token", "application/json"},
                    {401, "wrong password", "application/json"},
                    {409, "the account has a second factor: continue at /api:1/key/", "application/json"}};
    post.access = Access::open;
    post.handler = [&services](const Request& request) { return log_in(services, request); };
    routes.push_back(std::move(post));

    Route get{"GET", "/api:1/token/{token}", Family::murano,
              "The token's owner, and for how many seconds it is still valid"};
    get.answers = {{200, "email and ttl", "application/json"}, {404, "unknown or expired", "application/json"}};
    get.handler = [&services](const Request& request) { return show_token(services, request); };
    routes.push_back(std::move(get));

    Route remove{"DELETE", "/api:1/token/{token}", Family::murano, "Logs out"};
    remove.answers = {{204, "done", ""}, {404, "unknown", "application/json"}};
    remove.handler = [&services](const Request& request) { return forget_token(services, request); };
    routes.push_back(std::move(remove));

    Route member{"GET", "/api:1/user/{email}/membership/", Family::murano, "The businesses of an account"};
    member.answers = {{200, "one business", "application/json"}};
    member.handler = [](const Request&) { return memberships(); };
    routes.push_back(std::move(member));
}

}  // namespace api
