#include "tests/bench/load/options.h"

#include <functional>
#include <map>
#include <span>
#include <stdexcept>

namespace load {
namespace {

using Setter = std::function<void(const std::string&)>;

template <typename Number>
Setter number(Number& into) {
    return [&into](const std::string& text) {
        std::size_t end = 0;
        into = static_cast<Number>(std::stod(text, &end));
        if (end != text.size()) throw std::invalid_argument("a number, please, instead of " + text);
    };
}
Setter text_of(std::string& into) {
    return [&into](const std::string& text) { into = text; };
}

std::map<std::string, Setter> with_value(Options& options) {
    return {{"--port", number(options.port)},
            {"--sni", text_of(options.sni)},
            {"--tls", text_of(options.tls)},
            {"--tls-version", number(options.tls_version)},
            {"--server-pid", number(options.server_pid)},
            {"--connections", number(options.connections)},
            {"--first-device", number(options.first_device)},
            {"--qos", number(options.qos)},
            {"--window", number(options.window)},
            {"--payload", number(options.payload)},
            {"--content", text_of(options.content)},
            {"--batch", number(options.batch)},
            {"--seconds", number(options.seconds)},
            {"--warmup", number(options.warmup)},
            {"--messages", number(options.messages)},
            {"--rate", number(options.rate)},
            {"--report-every", number(options.report_every)},
            {"--api-port", number(options.api_port)},
            {"--path", text_of(options.path)},
            {"--patience", number(options.patience_s)}};
}

}  // namespace

Options parse(int argc, char** argv) {
    Options options;
    const std::map<std::string, Setter> setters = with_value(options);
    const std::map<std::string, bool*> switches = {
        {"--resume", &options.resume}, {"--echo", &options.echo}, {"--provision", &options.provision}};
    const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
    if (arguments.size() < 2)
        throw std::invalid_argument("bench_load publish|storm|idle|deliver|download [--name value]...");
    options.mode = arguments[1];
    for (std::size_t at = 2; at < arguments.size(); ++at) {
        const std::string name = arguments[at];
        if (const auto found = switches.find(name); found != switches.end()) {
            *found->second = true;
            continue;
        }
        const auto found = setters.find(name);
        if (found == setters.end()) throw std::invalid_argument("unknown option " + name);
        if (++at == arguments.size()) throw std::invalid_argument(name + " needs a value");
        found->second(arguments[at]);
    }
    return options;
}

}  // namespace load
