#include "server/api/emulator/run_json.h"

#include "server/api/base/answers.h"
#include "server/control/verdict_calls.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace api {

using config::JsonNode;

namespace {

JsonNode decimal(double value) {
    char text[64];
    std::snprintf(text, sizeof(text), "%.6g", value);
    return JsonNode::number(text);
}

JsonNode text(std::string_view value) {
    return JsonNode::of(value);
}

JsonNode measured_json(const std::vector<verdict::Measured>& measured) {
    JsonNode node = JsonNode::object();
    for (const auto& one : measured) node.put(one.name, decimal(one.number));
    return node;
}

JsonNode check_json(const verdict::CheckView& check, std::int64_t started_us) {
    const auto* row = check.row;
    const auto& result = check.result;
    JsonNode evidence = JsonNode::array();
    for (const auto cursor : result.evidence) evidence.items.push_back(number_node(static_cast<std::int64_t>(cursor)));
    JsonNode node = JsonNode::object({{"id", text(row->id)},
                                      {"title", text(row->title)},
                                      {"group", text(verdict::group_of(row->id))},
                                      {"outcome", text(verdict::outcome_name(result.outcome))},
                                      {"severity", text(result.outcome == verdict::Outcome::failed   ? "error"
                                                        : result.outcome == verdict::Outcome::warned ? "warning"
                                                                                                     : "info")},
                                      {"message", text(result.message)},
                                      {"hint", text(result.hint)},
                                      {"source", text(row->source)},
                                      {"measured", measured_json(result.measured)},
                                      {"evidence", std::move(evidence)}});
    if (check.began) node.put("began_us", number_node(started_us + check.began->count()));
    if (check.ended) node.put("ended_us", number_node(started_us + check.ended->count()));
    return node;
}

verdict::Steady now() {
    return std::chrono::duration_cast<verdict::Steady>(std::chrono::steady_clock::now().time_since_epoch());
}

JsonNode current_json(const verdict::Runs::Entry& entry) {
    const auto current = entry.run.current();
    const auto left = entry.began + current.until - now();
    const auto left_ms = std::max<std::int64_t>(0, left.count() / 1'000);
    return JsonNode::object({{"check", text(current.row == nullptr ? std::string_view() : current.row->id)},
                             {"waits_for", text(current.waits_for)},
                             {"left_ms", number_node(left_ms)}});
}

// Of a text with spaces between them.
JsonNode words(std::string_view of) {
    JsonNode list = JsonNode::array();
    while (!of.empty()) {
        const auto end = std::min(of.find(' '), of.size());
        if (end > 0) list.items.push_back(text(of.substr(0, end)));
        of.remove_prefix(std::min(end + 1, of.size()));
    }
    return list;
}

}  // namespace

JsonNode run_json(const Services& services, const verdict::Runs::Entry& entry) {
    const auto& run = entry.run;
    const auto& subject = run.plan().subject;
    JsonNode checks = JsonNode::array();
    for (const auto& check : run.checks()) checks.items.push_back(check_json(check, entry.started_us));
    const auto asked = services.verdicts->hooks_asked(entry.id);
    JsonNode node = JsonNode::object({{"id", text(entry.id)},
                                      {"state", text(verdict::state_name(run.state()))},
                                      {"outcome", text(verdict::outcome_name(run.outcome()))},
                                      {"connected", JsonNode::of(run.connected_once())},
                                      {"seen_instead", text(run.connected_once() ? std::string() : run.seen_instead())},
                                      {"aborted_because", text(run.abort_reason())},
                                      {"connector", text(subject.connector)},
                                      {"identity", text(subject.identity)},
                                      {"suite", text(entry.suite)},
                                      {"server", JsonNode::object({{"version", text(services.options.version)},
                                                                   {"commit", text(services.options.commit)}})},
                                      {"started_us", number_node(entry.started_us)}});
    if (run.over()) node.put("ended_us", number_node(entry.started_us + run.ended().count()));
    if (!run.over()) node.put("current", current_json(entry));
    if (!run.over()) node.put("left_ms", number_node(run.left(now() - entry.began).count() / 1'000));
    node.put("hooks_asked", JsonNode::array_of({asked.begin(), asked.end()}));
    node.put("checks", std::move(checks));
    return node;
}

JsonNode check_row_json(const verdict::CheckRow& row) {
    return JsonNode::object({{"id", text(row.id)},
                             {"title", text(row.title)},
                             {"group", text(verdict::group_of(row.id))},
                             {"kind", text(row.watch != nullptr ? "watch" : "act")},
                             {"source", text(row.source)},
                             {"needs", words(row.needs)},
                             {"parameters", words(row.parameters)},
                             {"in_quick", JsonNode::of(row.in_quick)}});
}

}  // namespace api
