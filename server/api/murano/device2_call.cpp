#include "server/api/murano/device2_call.h"

#include "config/nearest.h"
#include "server/api/base/handlers.h"

#include <vector>

namespace api {

namespace {

std::vector<Operation> make_operations() {
    std::vector<Operation> all;
    for (const auto group : {identity_operations(), tag_operations(), settings_operations()}) {
        all.insert(all.end(), group.begin(), group.end());
    }
    return all;
}

const std::vector<Operation>& operations() {
    static const auto all = make_operations();
    return all;
}

Error unknown_operation(const std::string& name) {
    std::vector<std::string_view> names;
    for (const auto& operation : operations()) names.push_back(operation.name);
    const auto near = config::nearest(name, names);
    return not_found("there is no operation " + name + (near ? "; did you mean " + *near + "?" : ""));
}

Outcome run(Services& services, const Request& request) {
    const auto& name = request.param("operation");
    JsonBody body(request.body, config::KeyMode::lenient, true);
    if (auto error = body.error()) return *error;
    for (const auto& operation : operations()) {
        if (operation.name == name) {
            return operation.run({services, request.param("connector"), body, request.body});
        }
    }
    return unknown_operation(name);
}

}  // namespace

Outcome with_argument(const Call& call, std::string_view name, const std::function<Outcome(const std::string&)>& then) {
    const auto value = call.body.text(call.body.object(), name);
    if (auto error = call.body.error()) return *error;
    if (!value || value->empty()) {
        return bad_request("is needed", "$." + std::string(name));
    }
    return then(*value);
}

void add_device2_call_route(Routes& routes, Services& services) {
    std::string names;
    for (const auto& operation : operations()) names.append(names.empty() ? "" : ", ").append(operation.name);
    Route post{"POST", "/api:1/solution/{connector}/serviceconfig/device2/call/{operation}", Family::murano,
               "One of Murano's operations: " + names};
    post.body = BodyKind::optional_json;
    post.body_schema = R"({"type":"object","description":"the operation's arguments"})";
    post.body_limit = 64 * 1024 * 1024;  // as state PATCH [R6]
    post.answers = {{200, "what it gives", "application/json"},
                    {204, "done", ""},
                    {400, "a bad argument", "application/json"},
                    {404, "unknown operation, identity or resource", "application/json"},
                    {409, "it is there already", "application/json"}};
    post.handler = [&services](const Request& request) { return run(services, request); };
    routes.push_back(std::move(post));
}

}  // namespace api
