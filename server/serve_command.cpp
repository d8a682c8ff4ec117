#include "server/serve_command.h"

#include "config/load_settings.h"
#include "config/settings_text.h"
#include "server/app.h"
#include "server/app_parts.h"

#include <csignal>
#include <iostream>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

namespace app {
namespace {

runtime::LogFormat format_of(config::LogFormat format) {
    if (format == config::LogFormat::automatic) {
        return ::isatty(STDERR_FILENO) == 1 ? runtime::LogFormat::text : runtime::LogFormat::json;
    }
    return format == config::LogFormat::text ? runtime::LogFormat::text : runtime::LogFormat::json;
}

// Each connection is a file descriptor: take as many as the system lets us.
void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

void print_problems(const config::Problems& problems) {
    for (const auto& problem : problems.errors())
        std::cerr << "murano-emulator: " << config::to_string(problem) << "\n";
    if (problems.errors_left_out() > 0) std::cerr << "… and " << problems.errors_left_out() << " more\n";
    std::cerr << "See murano-emulator serve --help, or murano-emulator config check FILE.\n";
}

}  // namespace

int serve_command(std::span<const std::string> arguments, const config::Environment& environment) {
    const auto loaded = config::load_settings(arguments, environment);
    if (loaded.help) {
        std::cout << "usage: murano-emulator serve [flags]\n\n" << config::flags_help();
        return 0;
    }
    if (!loaded.problems.ok()) {
        print_problems(loaded.problems);
        return 2;
    }
    const auto& settings = loaded.settings;
    runtime::Log log(static_cast<runtime::LogLevel>(settings.log.level), format_of(settings.log.format),
                     runtime::log_to_fd(STDERR_FILENO));
    for (const auto& warning : loaded.problems.warnings()) log.warn(config::to_string(warning));
    raise_file_limit();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of that write, as a full disk is
    const std::vector<std::string> kept(arguments.begin(), arguments.end());
    const auto reload = [kept, environment](std::string& error) -> std::optional<config::ServerSettings> {
        const auto again = config::load_settings(kept, environment);
        error = again.problems.error_text();
        return again.problems.ok() ? std::optional(again.settings) : std::nullopt;
    };
    try {
        App server(settings, log, reload);
        server.run();
        log.info("stopped");
        return 0;
    } catch (const BadSetting& error) {
        log.flush();
        std::cerr << "murano-emulator: " << error.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        log.flush();
        std::cerr << "murano-emulator: " << error.what() << "\n";
        return 1;
    }
}

}  // namespace app
