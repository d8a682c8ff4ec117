// /_emulator/v1/checks and /_emulator/v1/runs: is this device's firmware fit for Murano? [verdict.md 1]
#include "server/api/base/handlers.h"
#include "server/api/base/json_body.h"
#include "server/api/emulator/run_json.h"
#include "server/api/emulator/run_request.h"
#include "server/verdict/report/report.h"

#include <array>

namespace api {

using config::JsonNode;

namespace {

constexpr const char* all_runs = "/_emulator/v1/runs";

using MakeReport = std::string (*)(const verdict::Run&, const verdict::ReportHead&);
struct ReportForm {
    std::string_view name;
    MakeReport make;
    std::string_view media_type;
};
constexpr std::array report_forms{
    ReportForm{"junit", verdict::junit_report, "application/xml"},
    ReportForm{"markdown", verdict::markdown_report, "text/markdown; charset=utf-8"},
    ReportForm{"tap", verdict::tap_report, "text/plain; charset=utf-8"},
    ReportForm{"html", verdict::html_report, "text/html; charset=utf-8"},
    ReportForm{"text", verdict::text_report, "text/plain; charset=utf-8"},
};

Outcome no_runs(const Request& request) {
    if (!request.body.empty()) {
        JsonBody json(request.body, config::KeyMode::lenient);
        json.object();
        if (auto error = json.error()) return *std::move(error);
    }
    return not_found("this server judges no devices");
}

Outcome list_checks(Services&, const Request&) {
    JsonNode checks = JsonNode::array();
    for (const auto& row : verdict::check_table()) checks.items.push_back(check_row_json(row));
    return json_response(JsonNode::object({{"checks", std::move(checks)}}));
}

Outcome start(Services& services, const Request& request) {
    auto wanted = read_run_request(services, request.body);
    if (auto* error = std::get_if<Error>(&wanted)) return std::move(*error);
    auto started = services.verdicts->start(std::get<device::RunRequest>(std::move(wanted)));
    if (auto* error = std::get_if<device::ControlError>(&started)) return std::move(*error);
    const auto* entry = services.verdicts->runs().find(std::get<std::string>(started));
    return json_response(run_json(services, *entry), 201);
}

Outcome list(Services& services, const Request&) {
    JsonNode runs = JsonNode::array();
    for (const auto& entry : services.verdicts->runs().all()) {
        JsonNode run = run_json(services, *entry);
        run.erase("checks");
        runs.items.push_back(std::move(run));
    }
    return json_response(JsonNode::object({{"runs", std::move(runs)}}));
}

Outcome show(Services& services, const Request& request) {
    const auto* entry = services.verdicts->runs().find(request.param("id"));
    if (entry == nullptr) return not_found("there is no such run");
    return json_response(run_json(services, *entry));
}

Outcome report(Services& services, const Request& request) {
    const auto* entry = services.verdicts->runs().find(request.param("id"));
    if (entry == nullptr) return not_found("there is no such run");
    const auto format = request.query("format");
    if (format.empty() || format == "json") return json_response(run_json(services, *entry));
    const auto found = std::find_if(report_forms.begin(), report_forms.end(),
                                    [&](const ReportForm& form) { return form.name == format; });
    if (found == report_forms.end()) return bad_request("it is json, junit, markdown, tap, html or text", "?format");
    verdict::ReportHead head{.run = entry->id,
                             .suite = entry->suite,
                             .server_version = services.options.version,
                             .server_commit = services.options.commit,
                             .started_us = entry->started_us};
    if (entry->run.over()) head.ended_us = entry->started_us + entry->run.ended().count();
    auto response = text_response(found->make(entry->run, head), 200, found->media_type);
    if (found->name == "html") shield(response);
    return response;
}

Outcome remove(Services& services, const Request& request) {
    return done(services.verdicts->remove(request.param("id")));
}

Outcome answer_hook(Services& services, const Request& request) {
    JsonBody json(request.body, config::KeyMode::strict);
    bool is_done = false;
    std::string error;
    json.object().read("done", is_done);
    json.object().read("error", error);
    if (json.root() != nullptr && is_done != error.empty())
        json.refuse(json.root(), "$", R"(it is {"done":true} or {"error":"why not"})");
    if (auto wrong = json.error()) return *std::move(wrong);
    return done(services.verdicts->answer_hook(request.param("id"), request.param("name"), error));
}

const RouteAnswer bad{400, "which key, its value, and what is allowed", "application/json"};
const RouteAnswer unknown{404, "there is no such run", "application/json"};

using Handler = Outcome (*)(Services&, const Request&);

void add(Routes& routes, Services& services, Route&& route, Handler handler) {
    route.handler = [&services, handler](const Request& request) -> Outcome {
        return services.verdicts == nullptr ? no_runs(request) : handler(services, request);
    };
    routes.push_back(std::move(route));
}

void add_hook_route(Routes& routes, Services& services) {
    Route hook{"POST", std::string(all_runs) + "/{id}/hooks/{name}", Family::emulator,
               "Answers a run that asked for a hook: hooks_asked of the run, or an event of type verdict"};
    hook.body = BodyKind::json;
    hook.body_schema =
        R"({"type":"object","properties":{"done":{"type":"boolean"},"error":{"type":"string"}},"additionalProperties":false})";
    hook.answers = {{204, "done", ""}, bad, {404, "no such run, or it does not wait for that", "application/json"}};
    add(routes, services, std::move(hook), answer_hook);
}

void add_report_route(Routes& routes, Services& services) {
    Route one{"GET", std::string(all_runs) + "/{id}/report", Family::emulator, "The verdict as a report"};
    one.query = {{"format", "string", "json (the default), junit, markdown, tap, html, text"}};
    one.answers = {{200, "also while it runs", "*/*"}, bad, unknown};
    add(routes, services, std::move(one), report);
}

}  // namespace

void add_run_routes(Routes& routes, Services& services) {
    Route checks{"GET", "/_emulator/v1/checks", Family::emulator, "What a run can check"};
    checks.answers = {
        {200, "{checks: [{id, title, group, kind, source, needs, parameters, in_quick}]}", "application/json"}};
    add(routes, services, std::move(checks), list_checks);

    Route post{"POST", all_runs, Family::emulator, "Begins to judge a device's firmware"};
    post.body = BodyKind::json;
    post.body_schema = run_request_schema();
    post.answers = {{201, "the run", "application/json"},
                    bad,
                    {409, "a run judges that device already, or limits.max_runs are active", "application/json"}};
    add(routes, services, std::move(post), start);

    Route all{"GET", all_runs, Family::emulator, "The runs that are kept, without their checks"};
    all.answers = {{200, "{runs: [...]}", "application/json"}};
    add(routes, services, std::move(all), list);

    Route one{"GET", std::string(all_runs) + "/{id}", Family::emulator, "A run's current state, with its checks"};
    one.answers = {{200, "the run", "application/json"}, unknown};
    add(routes, services, std::move(one), show);

    add_report_route(routes, services);

    Route rm{"DELETE", std::string(all_runs) + "/{id}", Family::emulator,
             "Aborts an active run and undoes its changes; deletes a run that is over"};
    rm.answers = {{204, "done", ""}, unknown};
    add(routes, services, std::move(rm), remove);
    add_hook_route(routes, services);
}

}  // namespace api
