#include "server/cli/health_command.h"

#include "server/cli/api_client.h"
#include "server/cli/client_options.h"
#include "server/cli/http_client.h"
#include "server/runtime/duration.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds within{3'000};
constexpr std::chrono::milliseconds pause{50};  // between two questions

// Why it is not ready, as the end of a line.
std::string reason(const HttpAnswer& answer) {
    try {
        check(answer);
        return {};
    } catch (const CommandFailed& failure) {
        return std::string(": ") + failure.what();
    }
}

constexpr std::array own{
    OptionSpec{"--wait", "TIME", "wait until it is ready, at most that long: 10s, 500ms, 2m"},
};

constexpr std::string_view usage =
    "usage: murano-emulator health [--wait TIME] [options]\n"
    "\n"
    "Exit code 0 when the server is ready, 3 when it is not or cannot be reached.\n"
    "\n"
    "Example: murano-emulator health --wait 10s --ready-file ready.json\n"
    "\n";

struct Health {
    bool ready = false;
    std::string said, body;  // a sentence for people, and the server's JSON where it answered
    bool answered() const { return !body.empty(); }
};

// The ready file is read again each time: it comes into being when the server is ready.
Health ask(std::span<const std::string> arguments, const config::Environment& environment) {
    const auto options = read_client_options(arguments, environment, own);
    try {
        if (!options.unready.empty()) return {false, options.unready, {}};
        const auto answer = http_call({options.url, options.api_token}, {"GET", "/_emulator/v1/health"}, within);
        const bool ready = answer.status == 200;
        return {ready, (ready ? "ready (" : "not ready (") + options.url + ")" + reason(answer), answer.body};
    } catch (const std::runtime_error& error) {
        return {false, error.what(), {}};
    }
}

Health ask_until(std::span<const std::string> arguments, const config::Environment& environment,
                 Clock::time_point end) {
    for (;;) {
        auto health = ask(arguments, environment);
        if (health.ready || Clock::now() >= end) return health;
        std::this_thread::sleep_for(std::min<Clock::duration>(pause, end - Clock::now()));
    }
}

Clock::duration wait_of(const ClientOptions& options) {
    if (!options.has("--wait")) return {};
    const auto duration = runtime::parse_duration(options.value("--wait"));
    if (const auto* error = std::get_if<runtime::DurationError>(&duration)) {
        throw UsageError("--wait: " + error->message);
    }
    return std::chrono::microseconds(std::get<std::int64_t>(duration));
}

int run(const ClientOptions& options, std::span<const std::string> arguments, const config::Environment& environment,
        std::ostream& out, std::ostream& err) {
    if (!options.error.empty()) throw UsageError(options.error);
    if (!options.rest.empty()) throw UsageError("unexpected argument " + options.rest.front());
    const auto health = ask_until(arguments, environment, Clock::now() + wait_of(options));
    if (!health.answered()) {
        err << "murano-emulator health: " << health.said << "\n";
    } else {
        out << (options.json ? health.body : health.said) << "\n";
    }
    return health.ready ? 0 : 3;
}

}  // namespace

int health_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err) {
    const auto options = read_client_options(arguments, environment, own);
    if (options.help) {
        out << usage << client_options_help(own);
        return 0;
    }
    try {
        return run(options, arguments, environment, out, err);
    } catch (const UsageError& error) {
        err << "murano-emulator health: " << error.what() << "\nSee murano-emulator health --help.\n";
        return 2;
    }
}

std::span<const OptionSpec> health_options() {
    return own;
}

}  // namespace cli
