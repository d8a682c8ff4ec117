#include "server/cli/verify_request.h"

#include "config/number_text.h"
#include "server/cli/errors.h"
#include "server/verdict/selection.h"
#include "server/verdict/suite/suite_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::array options{
    OptionSpec{"--identity", "ID", "the device whose firmware is judged"},
    OptionSpec{"--connector", "C", "its connector (default: the one that has it, else the server's default one)"},
    OptionSpec{"--suite", "SUITE", "quick (the default, about a minute), full, soak, or a suite file"},
    OptionSpec{"--only", "IDS", "these checks: ids and globs with commas, such as CON-*,KA-03"},
    OptionSpec{"--skip", "IDS", "not these"},
    OptionSpec{"--list", "", "shows the checks, and does nothing else"},
    OptionSpec{"--set", "KEY=VALUE", "a parameter, such as patience_s=30; repeats"},
    OptionSpec{"--output", "FILE", "a report, by its ending: .json .xml .md .tap .html .txt; repeats"},
    OptionSpec{"--format", "FORMAT", "of the printed report: text (the default), json, junit, markdown, tap, html"},
    OptionSpec{"--watch-only", "", "no faults: judges only what the device does by itself"},
    OptionSpec{"--warnings-as", "WHAT", "pass (the default) or fail"},
    OptionSpec{"--require", "IDS", "these must be judged: not run counts as failed"},
    OptionSpec{"--github", "", "lines for GitHub Actions (default if GITHUB_ACTIONS is set)"},
    OptionSpec{"--device-cmd", "CMD", "starts the device as a program on this machine, with MURANO_HOST and others"},
    OptionSpec{"--power-cycle", "CMD", "cycles the power of a real board when a check requests it"},
    OptionSpec{"--on", "NAME=CMD", "runs CMD when a check wants the device to report, provision or update; repeats"},
};

struct Ending {
    std::string_view ending, format;
};
constexpr std::array endings{Ending{".json", "json"}, Ending{".xml", "junit"}, Ending{".md", "markdown"},
                             Ending{".tap", "tap"},   Ending{".html", "html"}, Ending{".txt", "text"}};

std::vector<std::string> list_of(const ClientOptions& given, std::string_view option) {
    std::vector<std::string> all;
    for (const auto& text : given.values(option)) {
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find(',', at), text.size());
            if (end > at) all.push_back(text.substr(at, end - at));
            at = end + 1;
        }
    }
    return all;
}

std::pair<std::string, std::string> split(std::string_view option, const std::string& text) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        throw UsageError(std::string(option) + " " + text + ": it is NAME=VALUE");
    return {text.substr(0, equals), text.substr(equals + 1)};
}

JsonNode value_of(const std::string& key, const std::string& text) {
    if (key == "setting_values") {
        JsonNode list = JsonNode::array();
        for (std::size_t at = 0; at <= text.size();) {
            const auto end = std::min(text.find(',', at), text.size());
            list.items.push_back(JsonNode::of(std::string_view(text).substr(at, end - at)));
            at = end + 1;
        }
        return list;
    }
    if (key.ends_with("_alias")) return JsonNode::of(std::string_view(text));
    if (config::is_json_number(text)) return JsonNode::number(text);
    if (text == "true" || text == "false") return JsonNode::of(text == "true");
    return JsonNode::of(std::string_view(text));
}

void read_outputs(const ClientOptions& given, VerifyRequest& request) {
    for (const auto& file : given.values("--output")) {
        const auto found = std::ranges::find_if(endings, [&](const Ending& one) { return file.ends_with(one.ending); });
        if (found == endings.end())
            throw UsageError("--output " + file + ": it ends in .json, .xml, .md, .tap, .html or .txt");
        request.outputs.emplace_back(file, found->format);
    }
    if (given.json) request.format = "json";
    if (given.has("--format")) request.format = given.value("--format");
    if (std::ranges::none_of(endings, [&](const Ending& one) { return one.format == request.format; }))
        throw UsageError("--format " + request.format + ": it is text, json, junit, markdown, tap or html");
}

void read_hooks(const ClientOptions& given, VerifyRequest& request) {
    request.device_command = given.value("--device-cmd");
    if (given.has("--power-cycle")) request.hooks["power_cycle"] = given.value("--power-cycle");
    for (const auto& text : given.values("--on")) {
        const auto [name, command] = split("--on", text);
        if (name != "report" && name != "provision" && name != "update")
            throw UsageError("--on " + name + ": it is report, provision or update");
        request.hooks[name] = command;
    }
    // Killed and started again.
    if (!request.device_command.empty()) request.hooks.emplace("power_cycle", "");
}

// A suite file is checked here, where its lines are known. [verdict.md 4]
void read_suite_file(VerifyRequest& request) {
    std::ifstream in(request.suite, std::ios::binary);
    if (!in) throw UsageError("--suite " + request.suite + ": it is quick, full, soak, or a file that can be read");
    std::stringstream text;
    text << in.rdbuf();
    config::Problems problems;
    const auto file = verdict::suite::read_suite(text.str(), request.suite, problems);
    if (!file) throw UsageError(problems.error_text());
    verdict::RunPlan plan;
    if (const auto error = verdict::suite::plan_suite(*file, {"full", request.only, request.skip}, plan))
        throw UsageError(error->what);
    request.own_suite = *config::parse_json(text.str(), config::JsonDialect::relaxed).root;
    request.checks = plan.checks;
    request.custom = plan.custom;
    for (const auto& custom : plan.custom) request.checks.push_back(&custom->row);
}

void check_selection(VerifyRequest& request) {
    constexpr std::array<std::string_view, 3> built_in{"quick", "full", "soak"};
    if (std::ranges::find(built_in, request.suite) == built_in.end()) {
        read_suite_file(request);
    } else {
        auto chosen = verdict::select({request.suite, request.only, request.skip});
        if (const auto* error = std::get_if<verdict::SelectionError>(&chosen)) throw UsageError(error->what);
        request.checks = std::get<std::vector<const verdict::CheckRow*>>(std::move(chosen));
    }
    if (request.require.empty()) return;
    const auto required = verdict::select({"full", request.require, {}});
    if (const auto* error = std::get_if<verdict::SelectionError>(&required))
        throw UsageError("--require: " + error->what);
}

}  // namespace

std::span<const OptionSpec> verify_options() {
    return options;
}

VerifyRequest read_verify_request(const ClientOptions& given, const config::Environment& environment) {
    VerifyRequest request;
    if (!given.rest.empty()) throw UsageError("unexpected argument " + given.rest.front());
    request.identity = given.value("--identity");
    if (given.has("--suite")) request.suite = given.value("--suite");
    request.only = list_of(given, "--only");
    request.skip = list_of(given, "--skip");
    request.require = list_of(given, "--require");
    request.watch_only = given.has("--watch-only");
    request.list = given.has("--list");
    const auto warnings = given.value("--warnings-as");
    if (given.has("--warnings-as") && warnings != "pass" && warnings != "fail")
        throw UsageError("--warnings-as " + warnings + ": it is pass or fail");
    request.warnings_fail = warnings == "fail";
    const auto actions = environment.find("GITHUB_ACTIONS");
    request.github = given.has("--github") || (actions != environment.end() && actions->second == "true");
    for (const auto& text : given.values("--set")) {
        const auto [key, value] = split("--set", text);
        request.parameters.put(key, value_of(key, value));
    }
    read_outputs(given, request);
    read_hooks(given, request);
    check_selection(request);
    if (!request.list && request.identity.empty()) throw UsageError("say whose firmware is judged: --identity ID");
    return request;
}

}  // namespace cli
