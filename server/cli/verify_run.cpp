#include "server/cli/verify_run.h"

#include "config/number_text.h"
#include "server/text/printable.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <ostream>
#include <set>
#include <stdexcept>
#include <thread>

#include <unistd.h>

namespace cli {
namespace {

using config::JsonNode;

constexpr const char* all_runs = "/_emulator/v1/runs";
constexpr std::chrono::milliseconds look_again{200};

// What a signal handler may touch: it has no other way to tell.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
volatile std::sig_atomic_t interrupted = 0;

void interrupt(int) {
    interrupted = 1;
}

JsonNode suite_of(const VerifyRequest& request) {
    const bool from_file = request.own_suite.is(JsonNode::Kind::object);
    return from_file ? request.own_suite : JsonNode::of(std::string_view(request.suite));
}

JsonNode request_json(const VerifyScene& scene, const VerifyRequest& request) {
    std::vector<std::string> hooks;
    for (const auto& [name, command] : request.hooks) hooks.push_back(name);
    JsonNode node = JsonNode::object({{"connector", JsonNode::of(std::string_view(scene.connector()))},
                                      {"identity", JsonNode::of(std::string_view(request.identity))},
                                      {"suite", suite_of(request)},
                                      {"only", JsonNode::array_of(request.only)},
                                      {"skip", JsonNode::array_of(request.skip)},
                                      {"watch_only", JsonNode::of(request.watch_only)},
                                      {"hooks", JsonNode::array_of(hooks)},
                                      {"parameters", request.parameters}});
    if (!scene.given_host().empty()) node.put("given_host", JsonNode::of(std::string_view(scene.given_host())));
    return node;
}

// What is going on: on a terminal one line that changes, and a line for each check that is over.
class Narrator {
  public:
    explicit Narrator(std::ostream& err) : err_(err), terminal_(::isatty(STDERR_FILENO) == 1) {}

    void show(const JsonNode& run) {
        estimate(run);
        if (const auto* checks = run.find("checks"))
            for (const auto& check : checks->items) over(check);
        if (const auto* current = run.find("current"); current != nullptr && terminal_) {
            const auto check = text_of(*current, "check");
            const auto left_ms = text_of(*current, "left_ms");
            const auto left_s = left_ms.size() > 3 ? left_ms.substr(0, left_ms.size() - 3) : "0";
            err_ << "\r\x1b[K" << (check.empty() ? "" : check + ": ") << "waits for "
                 << text::printable(text_of(*current, "waits_for")) << ", " << left_s << " s left; in all "
                 << time_left(run) << std::flush;
        }
    }
    void say(const std::string& line) {
        clear();
        err_ << line << "\n" << std::flush;
    }
    void clear() {
        if (terminal_) err_ << "\r\x1b[K";
    }

  private:
    static std::string time_left(const JsonNode& run) {
        const double left_s = std::strtod(text_of(run, "left_ms").c_str(), nullptr) / 1'000;
        if (left_s < 115) return "about " + std::to_string(10 * std::max(1L, std::lround(left_s / 10))) + " seconds";
        return "about " + std::to_string(std::lround(left_s / 60)) + " minutes";
    }
    // Once the device was seen: its Keep Alive is known then, its pauses are not yet.
    void estimate(const JsonNode& run) {
        const auto* connected = run.find("connected");
        if (estimated_ || connected == nullptr || !connected->truth) return;
        estimated_ = true;
        say("The device is there. The run takes " + time_left(run) + " if its pauses are short.");
    }
    void over(const JsonNode& check) {
        const auto id = text_of(check, "id");
        if (check.find("ended_us") == nullptr || !told_.insert(id).second) return;
        say(text_of(check, "outcome") + "  " + id + "  " + text::printable(text_of(check, "message")));
    }

    std::ostream& err_;
    bool terminal_;
    std::set<std::string> told_;
    bool estimated_ = false;
};

void answer_hooks(VerifyScene& scene, const std::string& path, const JsonNode& run, Narrator& progress) {
    const auto* asked = run.find("hooks_asked");
    if (asked == nullptr) return;
    for (const auto& hook : asked->items) {
        progress.say("asked for: " + hook.text);
        const auto error = scene.answer(hook.text);
        const JsonNode body = error.empty() ? JsonNode::object({{"done", JsonNode::of(true)}})
                                            : JsonNode::object({{"error", JsonNode::of(std::string_view(error))}});
        scene.api().send("POST", path + "/hooks/" + hook.text, body);
        if (!error.empty()) throw std::runtime_error("the hook " + hook.text + " failed: " + error);
    }
}

bool is_over(const JsonNode& run) {
    const auto state = text_of(run, "state");
    return state == "done" || state == "aborted";
}

void device_ended(int code, Narrator& progress) {
    // What a shell says of a program that is not there, or is none.
    if (code == 126 || code == 127)
        throw std::runtime_error("the device's program could not be started (exit code " + std::to_string(code) +
                                 "): look at --device-cmd");
    progress.say("The device's program has ended with exit code " + std::to_string(code) + ".");
}

JsonNode follow(VerifyScene& scene, const std::string& path, Narrator& progress) {
    while (true) {
        auto run = scene.api().get_json(path);
        progress.show(run);
        if (is_over(run)) return run;
        if (interrupted != 0) throw std::runtime_error("interrupted");
        answer_hooks(scene, path, run, progress);
        if (const auto code = scene.device_ended()) device_ended(*code, progress);
        std::this_thread::sleep_for(look_again);
    }
}

}  // namespace

JsonNode verify_run(VerifyScene& scene, const VerifyRequest& request, std::ostream& err) {
    std::signal(SIGINT, interrupt);
    std::signal(SIGTERM, interrupt);
    const auto begun = parse_answer(scene.api().send("POST", all_runs, request_json(scene, request)));
    const auto path = std::string(all_runs) + "/" + text_of(begun, "id");
    Narrator progress(err);
    try {
        scene.start_device();
        auto run = follow(scene, path, progress);
        progress.clear();
        return run;
    } catch (const std::runtime_error&) {
        progress.clear();
        try {
            scene.api().send("DELETE", path);
        } catch (const std::runtime_error&) {
            // The server is gone, and the run with it.
        }
        throw;
    }
}

}  // namespace cli
