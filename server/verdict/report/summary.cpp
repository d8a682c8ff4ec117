#include "server/verdict/report/report.h"

#include <array>

namespace verdict {

namespace {

std::size_t count(const std::vector<CheckView>& checks, Outcome outcome) {
    std::size_t result = 0;
    for (const CheckView& check : checks) result += check.result.outcome == outcome ? 1 : 0;
    return result;
}

}  // namespace

std::string counts_text(const Run& run) {
    const auto checks = run.checks();
    std::string text;
    for (const auto& [outcome, name] : std::to_array<std::pair<Outcome, const char*>>({{Outcome::passed, " passed"},
                                                                                       {Outcome::warned, " warned"},
                                                                                       {Outcome::failed, " failed"},
                                                                                       {Outcome::not_run, " not run"}}))
        if (const std::size_t number = count(checks, outcome); number > 0)
            text += (text.empty() ? "" : ", ") + std::to_string(number) + name;
    return text;
}

std::string headline(const Run& run) {
    const std::string who = "Device '" + run.plan().subject.identity + "' on '" + run.plan().subject.connector + "'";
    if (run.state() == RunState::waiting_for_device) return who + " has not been seen yet.";
    if (run.state() == RunState::aborted) return who + ": the run was aborted: " + run.abort_reason() + ".";
    if (!run.connected_once()) return who + " never connected: " + run.seen_instead() + ".";
    const std::string so_far = run.over() ? "" : "so far ";
    switch (run.outcome()) {
        case Outcome::not_run:
            return who + ": nothing was judged.";
        case Outcome::passed:
            return who + " " + so_far + "passed.";
        case Outcome::warned:
            return who + " " + so_far + "passed with warnings.";
        case Outcome::failed:
            break;
    }
    return who + " " + so_far + "failed.";
}

}  // namespace verdict
