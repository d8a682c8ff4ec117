#include "server/serve_command.h"

#include "config/load_settings.h"
#include "config/settings_text.h"
#include "server/app.h"
#include "server/app_parts.h"
#include "server/faults/file_faults.h"
#include "server/runtime/log_colour.h"

#include <cerrno>
#include <csignal>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <unistd.h>

namespace app {
namespace {

runtime::LogFormat format_of(config::LogFormat format) {
    if (format == config::LogFormat::automatic) {
        return ::isatty(STDERR_FILENO) == 1 ? runtime::LogFormat::text : runtime::LogFormat::json;
    }
    return format == config::LogFormat::text ? runtime::LogFormat::text : runtime::LogFormat::json;
}

runtime::LogSink sink_for(runtime::LogFormat format) {
    auto plain = runtime::log_to_fd(STDERR_FILENO);
    if (format != runtime::LogFormat::text || !runtime::wants_colours(STDERR_FILENO)) return plain;
    return [plain = std::move(plain)](std::string_view lines) { return plain(runtime::coloured(lines)); };
}

// What a failed start says, and whose rights did not suffice where those were the cause.
std::string told(const std::exception& failure) {
    std::string text = failure.what();
    const auto names = [&text](int error) {
        return text.find(std::generic_category().message(error)) != std::string::npos;
    };
    if (!names(EACCES) && !names(EPERM)) return text;
    return text + "; this process runs as uid " + std::to_string(::geteuid()) +
           ": give that user the right (chown, chmod), or run it as another one";
}

void print_problems(const config::Problems& problems) {
    for (const auto& problem : problems.errors())
        std::cerr << "murano-emulator: " << config::to_string(problem) << "\n";
    if (problems.errors_left_out() > 0) std::cerr << "… and " << problems.errors_left_out() << " more\n";
    std::cerr << "See murano-emulator serve --help, or murano-emulator config check FILE.\n";
}

}  // namespace

int serve_command(std::span<const std::string> arguments, const config::Environment& environment) {
    auto loaded = config::load_settings(arguments, environment);
    static_cast<void>(faults::read_file_faults(loaded.settings, loaded.problems));
    if (loaded.help) {
        std::cout << "usage: murano-emulator serve [flags]\n\n" << config::flags_help();
        return 0;
    }
    if (!loaded.problems.ok()) {
        print_problems(loaded.problems);
        return 2;
    }
    const auto& settings = loaded.settings;
    const auto format = format_of(settings.log.format);
    runtime::Log log(static_cast<runtime::LogLevel>(settings.log.level), format, sink_for(format));
    for (const auto& warning : loaded.problems.warnings()) log.warn(config::to_string(warning));
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // a file size limit is an error of that write, as a full disk is
    const std::vector<std::string> kept(arguments.begin(), arguments.end());
    const auto reload = [kept, environment](std::string& error) -> std::optional<config::ServerSettings> {
        auto again = config::load_settings(kept, environment);
        static_cast<void>(faults::read_file_faults(again.settings, again.problems));
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
        std::cerr << "murano-emulator: " << told(error) << "\n";
        return 2;
    } catch (const std::exception& error) {
        log.flush();
        std::cerr << "murano-emulator: " << told(error) << "\n";
        return 1;
    }
}

}  // namespace app
