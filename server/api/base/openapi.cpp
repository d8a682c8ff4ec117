#include "server/api/base/openapi.h"

#include "server/api/base/handlers.h"
#include "server/api/base/router.h"
#include "server/journal/match_json.h"

#include <cctype>

namespace api {

using config::JsonNode;

namespace {

JsonNode schema_node(const std::string& text) {
    auto parsed = config::parse_json(text.empty() ? "{}" : text, config::JsonDialect::strict);
    return parsed.root ? std::move(*parsed.root) : JsonNode::object();
}

JsonNode parameter(const std::string& name, const char* in, const std::string& type, const std::string& description) {
    JsonNode node = JsonNode::object({{"name", JsonNode::of(name)}, {"in", JsonNode::of(in)}});
    if (!description.empty()) node.put("description", JsonNode::of(description));
    if (in == std::string_view("path")) node.put("required", JsonNode::of(true));
    node.put("schema", JsonNode::object({{"type", JsonNode::of(type)}}));
    return node;
}

JsonNode parameters(const Route& route) {
    JsonNode all = JsonNode::array();
    for (const std::string& segment : pattern_segments(route.pattern)) {
        if (!segment.starts_with('{')) continue;
        const bool several = segment.ends_with("+}");
        all.items.push_back(parameter(segment.substr(1, segment.size() - (several ? 3 : 2)), "path", "string",
                                      several ? "may hold slashes, escaped or not" : ""));
    }
    for (const QueryParameter& one : route.query) {
        all.items.push_back(parameter(one.name, "query", one.type, one.description));
    }
    return all;
}

JsonNode content(const std::string& media_type, JsonNode schema) {
    return JsonNode::object({{media_type, JsonNode::object({{"schema", std::move(schema)}})}});
}

JsonNode request_body(const Route& route) {
    JsonNode schema = schema_node(route.body_schema);
    std::string type = "application/json";
    if (route.body == BodyKind::form) type = "application/x-www-form-urlencoded";
    if (route.body == BodyKind::bytes) type = "application/octet-stream";
    if (route.body == BodyKind::form_data) {
        type = "multipart/form-data";
        if (route.body_schema.empty())
            schema = schema_node(
                R"({"type":"object","required":["file"],"properties":{"file":{"type":"string","format":"binary"}}})");
    }
    JsonNode node = JsonNode::object({{"required", JsonNode::of(route.body != BodyKind::optional_json)}});
    node.put("content", content(type, std::move(schema)));
    return node;
}

JsonNode answers(const Route& route) {
    JsonNode all = JsonNode::object();
    for (const RouteAnswer& answer : route.answers) {
        JsonNode one = JsonNode::object({{"description", JsonNode::of(answer.description)}});
        const bool emulator_error = answer.schema.empty() && answer.status >= 400 && route.family == Family::emulator;
        JsonNode schema =
            emulator_error ? schema_node(R"({"$ref":"#/components/schemas/Error"})") : schema_node(answer.schema);
        if (!answer.media_type.empty()) one.put("content", content(answer.media_type, std::move(schema)));
        all.put(std::to_string(answer.status), std::move(one));
    }
    return all;
}

// What generators call the function: GET /_emulator/v1/connectors/{connector} is getConnectorsByConnector.
std::string operation_id(const Route& route) {
    std::string id = net::lower_case(route.method);
    if (route.family == Family::emulator && !route.pattern.starts_with("/_emulator/")) id += "Root";
    for (const std::string& segment : pattern_segments(route.pattern)) {
        if (segment == "_emulator" || segment == "v1") continue;
        if (segment.starts_with('{')) id += "By";
        bool begins = true;
        for (const char c : segment) {
            const bool part = std::isalnum(static_cast<unsigned char>(c)) != 0;
            if (part) id += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
            begins = !part;
        }
    }
    return id;
}

JsonNode operation(const Route& route) {
    JsonNode node = JsonNode::object({{"summary", JsonNode::of(route.summary)}});
    node.put("operationId", JsonNode::of(operation_id(route)));
    const char* tag = route.family == Family::emulator ? "emulator"
                      : route.family == Family::murano ? "murano"
                                                       : "content";
    node.put("tags", JsonNode::array({JsonNode::of(tag)}));
    node.put("parameters", parameters(route));
    if (route.body != BodyKind::none) node.put("requestBody", request_body(route));
    node.put("responses", answers(route));
    if (route.access != Access::token) node.put("security", JsonNode::array());
    return node;
}

constexpr const char* security_and_errors =
    R"({"securitySchemes":{"token":{"type":"http","scheme":"bearer","description":"--api-token, also as \"Authorization: token T\""}},
"schemas":{"Error":{"type":"object","required":["error"],"properties":{"error":{"type":"object","required":["code","message","path"],
"properties":{"code":{"type":"string"},"message":{"type":"string"},"path":{"type":"string"}}}}},
"Event":{"type":"object","required":["cursor","type","timestamp"],"properties":{"cursor":{"type":"integer"},"type":{"type":"string"},
"connector":{"type":"string"},"identity":{"type":"string"},"connection_id":{"type":"integer"},"ip":{"type":"string"},"protocol":{"type":"string"},
"timestamp":{"type":"integer","description":"µs since 1970 by the emulator's clock"},"real_timestamp":{"type":"integer"},
"rule":{"type":"string","description":"of a finding, with code, severity, message, hint"},"code":{"type":"string"},"severity":{"type":"string"},"message":{"type":"string"},
"hint":{"type":"string"},"payload":{}}},
"Events":{"type":"object","required":["events","next"],"properties":{"events":{"type":"array","items":{"$ref":"#/components/schemas/Event"}},
"next":{"type":"integer","description":"cursor to continue from"},"dropped":{"type":"integer"}}},
"Clock":{"type":"object","required":["now_us","offset_us","frozen"],"properties":{"now_us":{"type":"integer"},"offset_us":{"type":"integer"},
"frozen":{"type":"boolean"}}}}})";

JsonNode components() {
    JsonNode node = schema_node(security_and_errors);
    JsonNode schemas = *node.find("schemas");
    schemas.put("Match", journal::match_schema());
    node.put("schemas", std::move(schemas));
    return node;
}

}  // namespace

std::string openapi_path(std::string pattern) {
    for (auto plus = pattern.find("+}"); plus != std::string::npos; plus = pattern.find("+}")) pattern.erase(plus, 1);
    return pattern;
}

std::string openapi_document(const std::vector<Route>& routes, const std::string& version) {
    JsonNode paths = JsonNode::object();
    for (const Route& route : routes) {
        const std::string path = openapi_path(route.pattern);
        const JsonNode* known = paths.find(path);
        JsonNode item = known != nullptr ? *known : JsonNode::object();
        item.put(net::lower_case(route.method), operation(route));
        paths.put(path, std::move(item));
    }
    JsonNode info =
        JsonNode::object({{"title", JsonNode::of("murano-emulator control API")}, {"version", JsonNode::of(version)}});
    JsonNode document = JsonNode::object({{"openapi", JsonNode::of("3.0.3")}, {"info", std::move(info)}});
    document.put("security", JsonNode::array({JsonNode::object(), JsonNode::object({{"token", JsonNode::array()}})}));
    document.put("paths", std::move(paths));
    document.put("components", components());
    return config::to_pretty_json_text(document);
}

void add_openapi_routes(Routes& routes, std::shared_ptr<const std::string> document) {
    Route get{"GET", "/_emulator/v1/openapi.json", Family::emulator, "This description"};
    get.answers = {{200, "OpenAPI 3.0", "application/json"}};
    get.handler = [document = std::move(document)](const Request&) {
        return text_response(*document, 200, "application/json");
    };
    routes.push_back(std::move(get));
}

}  // namespace api
