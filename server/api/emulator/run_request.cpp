#include "server/api/emulator/run_request.h"

#include "server/api/base/json_body.h"
#include "server/api/base/request.h"
#include "server/verdict/parameter_table.h"
#include "server/verdict/selection.h"
#include "server/verdict/suite/suite_file.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <string_view>

namespace api {

using config::JsonNode;
using config::ObjectReader;

namespace {

struct PlanSpan {
    std::string_view key;
    verdict::Moment verdict::RunPlan::*target;
};
constexpr std::array plan_spans{
    PlanSpan{"watch_s", &verdict::RunPlan::watch_for},
    PlanSpan{"wait_s", &verdict::RunPlan::wait_for_device},
    PlanSpan{"look_s", &verdict::RunPlan::look_first},
};
constexpr std::array<std::string_view, 4> hook_names{"power_cycle", "report", "provision", "update"};
constexpr double longest_s = 1'000'000;

void read_seconds(ObjectReader& from, std::string_view key, verdict::Moment& target) {
    const JsonNode* node = from.find(key);
    if (node == nullptr) return;
    const double value = node->is(JsonNode::Kind::number) ? std::strtod(node->text.c_str(), nullptr) : -1;
    if (value < 0 || value > longest_s) return from.wrong(*node, from.path_of(key), "a number of seconds");
    target = verdict::Moment(std::llround(value * 1e6));
}

// Quick is meant to be quick.
void begin_with(verdict::RunPlan& plan, const std::string& suite) {
    using std::chrono::seconds;
    plan.look_first = seconds(10);
    if (suite == "soak") {
        plan.parameters.corruptions = 0;
        plan.parameters.duration = std::chrono::hours(1);
    }
    if (suite != "quick") return;
    plan.parameters.patience = seconds(20);
    plan.parameters.max_backoff = seconds(8);
}

void read_parameters(ObjectReader from, verdict::RunPlan& plan) {
    for (const auto& row : verdict::parameter_table()) {
        const JsonNode* node = from.find(row.name);
        if (node == nullptr) continue;
        std::vector<std::string> texts;
        for (const auto& item : node->items) texts.push_back(item.text);
        if (!node->is(JsonNode::Kind::array)) texts = {node->text};
        if (!verdict::set_parameter(plan.parameters, row, texts))
            from.wrong(*node, from.path_of(row.name), std::string(verdict::expected_of(row)));
    }
    for (const auto& [key, target] : plan_spans) read_seconds(from, key, plan.*target);
    from.finish();
}

// Two values that differ and fit; fewer where the resource takes no more.
std::vector<std::string> values_for(const config::ResourceDefinition& resource) {
    std::vector<std::string> values;
    for (const auto& allowed : resource.allowed) {
        const bool is_range =
            allowed.text.find('-', 1) != std::string::npos && resource.format == config::ResourceFormat::number;
        if (!is_range && values.size() < 2) values.push_back(allowed.text);
    }
    if (!resource.allowed.empty()) return values;
    if (resource.format == config::ResourceFormat::number) return {"1", "2"};
    if (resource.format == config::ResourceFormat::boolean) return {"true", "false"};
    return {"one", "two"};
}

// [verdict.md 2] Where nothing is said, the first settable resource, and the first that takes any text.
void choose_settings(const config::ConnectorSettings& settings, verdict::Parameters& parameters) {
    for (const auto& [alias, resource] : settings.resources) {
        if (!resource.settable) continue;
        const bool any_text = resource.format == config::ResourceFormat::string && resource.allowed.empty();
        if (parameters.setting_alias.empty()) parameters.setting_alias = alias;
        if (parameters.text_alias.empty() && any_text) parameters.text_alias = alias;
    }
    const auto chosen = settings.resources.find(parameters.setting_alias);
    if (parameters.setting_values.empty() && chosen != settings.resources.end())
        parameters.setting_values = values_for(chosen->second);
}

verdict::AuthType auth_type_of(Services& services, const verdict::Subject& subject) {
    const auto known = services.identities.identity(subject.connector, subject.identity);
    const auto named = known ? config::parse_enum<config::AuthType>(known->row.auth_type) : std::nullopt;
    const auto type = named.value_or(services.connectors.connector_settings(subject.connector).provisioning.auth_type);
    if (type == config::AuthType::password) return verdict::AuthType::password;
    return type == config::AuthType::certificate ? verdict::AuthType::certificate : verdict::AuthType::token;
}

void read_hooks(ObjectReader& from, std::set<std::string>& hooks) {
    std::vector<std::string> names;
    from.read("hooks", names);
    for (const auto& name : names) {
        if (std::find(hook_names.begin(), hook_names.end(), name) == hook_names.end())
            return from.wrong(*from.find("hooks"), from.path_of("hooks"), "power_cycle, report, provision, update");
        hooks.insert(name);
    }
}

void complete(verdict::Parameters& parameters, const config::ConnectorSettings& settings,
              const std::set<std::string>& hooks) {
    choose_settings(settings, parameters);
    parameters.hooks.assign(hooks.begin(), hooks.end());
}

// A suite file as an object: the same words as in the file, and the same mistakes. [verdict.md 4]
std::optional<Error> read_own_suite(const JsonNode& node, const verdict::Selection& narrowed,
                                    device::RunRequest& request) {
    config::Problems problems;
    const auto file = verdict::suite::read_suite(config::to_json_text(node), "suite", problems);
    if (!file) return bad_request(problems.error_text(), "$.suite");
    if (const auto error = verdict::suite::plan_suite(*file, narrowed, request.plan))
        return bad_request(error->what, "$.only");
    request.suite = file->title.empty() ? "suite" : file->title;
    return std::nullopt;
}

}  // namespace

std::variant<device::RunRequest, Error> read_run_request(Services& services, const std::string& body) {
    JsonBody json(body, config::KeyMode::strict);
    auto& object = json.object();
    device::RunRequest request;
    verdict::Selection selection;
    auto& subject = request.plan.subject;
    subject.connector = services.connectors.default_connector();
    object.read("connector", subject.connector);
    object.read("identity", subject.identity);
    object.read("given_host", subject.given_host);
    const auto* own_suite = object.find("suite");
    if (own_suite != nullptr && !own_suite->is(JsonNode::Kind::object)) {
        object.read("suite", selection.suite);
        own_suite = nullptr;
    }
    object.read("checks", selection.only);
    object.read("only", selection.only);
    object.read("skip", selection.skip);
    object.read("watch_only", request.watch_only);
    read_hooks(object, request.hooks);
    begin_with(request.plan, own_suite == nullptr ? selection.suite : "full");
    if (own_suite != nullptr) {
        if (auto failure = read_own_suite(*own_suite, selection, request)) return *std::move(failure);
    }
    read_parameters(object.child("parameters"), request.plan);
    if (json.root() != nullptr && subject.identity.empty())
        json.refuse(json.root()->find("identity"), "$.identity", "whose firmware is judged: name the identity");
    if (auto error = json.error()) return *std::move(error);
    if (own_suite == nullptr) {
        auto chosen = verdict::select(selection);
        if (const auto* error = std::get_if<verdict::SelectionError>(&chosen))
            return bad_request(error->what, "$.only");
        request.suite = selection.suite;
        request.plan.checks = std::get<std::vector<const verdict::CheckRow*>>(std::move(chosen));
    }
    if (request.watch_only) {
        std::erase_if(request.plan.checks, [](const auto* row) { return row->watch == nullptr; });
        request.plan.custom.clear();
    }
    const auto settings = services.connectors.connector_settings(subject.connector);
    complete(request.plan.parameters, settings, request.hooks);
    for (auto& [id, parameters] : request.plan.own_parameters) complete(parameters, settings, request.hooks);
    subject.auth_type = auth_type_of(services, subject);
    subject.expected_host = subject.connector + "." + services.options.domain;
    return request;
}

std::string run_request_schema() {
    return R"({"type":"object","required":["identity"],"additionalProperties":false,"properties":{
"connector":{"type":"string","description":"absent: the default one"},"identity":{"type":"string"},
"suite":{"description":"quick, full, soak, or what is in a suite file","default":"quick","oneOf":[{"type":"string","enum":["quick","full","soak"]},{"type":"object"}]},
"checks":{"type":"array","items":{"type":"string"},"description":"the same as only"},
"only":{"type":"array","items":{"type":"string"},"description":"ids and globs, such as CON-*"},
"skip":{"type":"array","items":{"type":"string"}},
"watch_only":{"type":"boolean","description":"no faults: judges only what the device does by itself"},
"hooks":{"type":"array","items":{"type":"string","enum":["power_cycle","report","provision","update"]},"description":"that the caller answers"},
"given_host":{"type":"string","description":"another server name that the device may send"},
"parameters":{"type":"object","additionalProperties":false,"properties":{
"patience_s":{"type":"number","description":"how long to wait for the device to do something by itself: 60, in quick 20"},
"max_backoff_s":{"type":"number","description":"no longer pause is waited for: 60, in quick 8"},
"keep_alive_max_s":{"type":"number"},"keep_alive_patience_s":{"type":"number"},"outage_s":{"type":"number"},
"report_interval_s":{"type":"number"},"report_alias":{"type":"string"},"setting_alias":{"type":"string"},
"setting_values":{"type":"array","items":{"type":"string"}},"reprovisions":{"type":"boolean"},"text_alias":{"type":"string"},"content_bytes":{"type":"integer"},
"corruptions":{"type":"integer"},"duration_s":{"type":"number","description":"how long ROB-02 runs: in soak 3600"},"seed":{"type":"integer"},
"watch_s":{"type":"number","description":"how long to look on at least: 60"},
"wait_s":{"type":"number","description":"how long to wait for the device to connect: 60"},
"look_s":{"type":"number","description":"how long to wait for two reports before the first fault: 10"}}}}})";
}

}  // namespace api
