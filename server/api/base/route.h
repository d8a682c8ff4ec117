#pragma once
// One call of the API: method and path, input, action and description. The OpenAPI document is generated from these, so
// that it describes exactly what is served.

#include "server/api/base/answers.h"
#include "server/api/base/request.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace api {

enum class Access : unsigned char {
    token,      // needs the API token, if one is configured
    open,       // never needs it: health, ca.crt
    signature,  // authorises itself: signed content URLs
};

enum class BodyKind : unsigned char { none, json, optional_json, form, form_data, bytes };

struct QueryParameter {
    std::string name;
    std::string type = "string";  // "string", "integer", "boolean"
    std::string description;
};

struct RouteAnswer {
    unsigned status = 200;
    std::string description;
    std::string media_type;   // empty: no body
    std::string schema = {};  // JSON Schema as JSON text, for application/json; empty: any
};

struct Route {
    std::string method;
    std::string pattern;  // "/a/{one}/{several+}": a name with + matches one segment or more, joined by "/"
    Family family = Family::emulator;
    std::string summary;
    std::vector<QueryParameter> query = {};
    BodyKind body = BodyKind::none;
    std::string body_schema = {};  // JSON Schema as JSON text; empty: any
    std::vector<RouteAnswer> answers = {};
    std::function<Outcome(const Request&)> handler = {};
    Access access = Access::token;
    std::uint64_t body_limit = 1024 * 1024;
    std::function<SinkOutcome(const Request&)> sink = {};  // instead of handler: receives the body in pieces
};

}  // namespace api
