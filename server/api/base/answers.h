#pragma once
// Answers by family: Murano's own (/api:1), the emulator's (/_emulator), and plain text (device port, links).

#include "config/json_tree.h"
#include "server/api/base/error.h"
#include "server/http/response.h"

#include <string>
#include <string_view>

namespace api {

enum class Family : unsigned char { murano, emulator, plain };

net::HttpResponse json_response(const config::JsonNode& body, unsigned status = 200);
net::HttpResponse text_response(std::string body, unsigned status = 200,
                                std::string_view media_type = "text/plain; charset=utf-8");
net::HttpResponse empty_response(unsigned status = 204);

// For bytes from outside, on the control port: a browser saves them and never runs them as one of our pages.
void shield(net::HttpResponse& response);

// emulator: {"error":{"code","message","path"}}. murano: {"statusCode","message"}, and for a value that cannot be set
// the bare sentence, as Murano's clients expect. plain: the sentence. With 503 goes Retry-After.
net::HttpResponse error_response(Family family, const Error& error);

config::JsonNode number_node(std::int64_t value);

}  // namespace api
