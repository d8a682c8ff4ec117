#include "server/api/base/answers.h"

#include "server/http/response.h"

namespace api {

using config::JsonNode;

JsonNode number_node(std::int64_t value) {
    return JsonNode::number(std::to_string(value));
}

net::HttpResponse json_response(const JsonNode& body, unsigned status) {
    return text_response(config::to_json_text(body), status, "application/json");
}

net::HttpResponse text_response(std::string body, unsigned status, std::string_view media_type) {
    net::HttpResponse response;
    response.status = status;
    response.body = std::move(body);
    response.set("Content-Type", media_type);
    // Nothing that is served here is a page; a browser must not make one of it, or keep it.
    response.set("X-Content-Type-Options", "nosniff").set("Cache-Control", "no-store");
    return response;
}

net::HttpResponse empty_response(unsigned status) {
    net::HttpResponse response;
    response.status = status;
    return response;
}

void shield(net::HttpResponse& response) {
    response.set("Content-Disposition", "attachment");
    response.set("X-Content-Type-Options", "nosniff").set("Content-Security-Policy", "sandbox");
}

namespace {

net::HttpResponse shown(Family family, const Error& error) {
    const auto status = static_cast<unsigned>(error.status);
    if (family == Family::emulator) {
        JsonNode inner = JsonNode::object({{"code", JsonNode::of(error.code)},
                                           {"message", JsonNode::of(error.message)},
                                           {"path", JsonNode::of(error.path)}});
        return json_response(JsonNode::object({{"error", std::move(inner)}}), status);
    }
    if (family == Family::plain) return text_response(error.message + '\n', status);
    if (error.code == "not_settable") return text_response("Value is not settable", status);
    if (error.code == "bad_csv") return text_response("CSV file format invalid", status);
    const std::string where = error.path.empty() ? "" : error.path + ": ";
    return json_response(
        JsonNode::object({{"statusCode", number_node(error.status)}, {"message", JsonNode::of(where + error.message)}}),
        status);
}

}  // namespace

net::HttpResponse error_response(Family family, const Error& error) {
    auto response = shown(family, error);
    if (error.status == 503) response.set("Retry-After", "1");
    return response;
}

}  // namespace api
