#include "server/cli/simulate_request.h"

#include "config/nearest.h"
#include "config/readable_file.h"
#include "server/cli/errors.h"
#include "server/cli/part_file.h"
#include "server/runtime/duration.h"
#include "server/simulator/report.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace cli {
namespace {

using simulator::Misbehaviour;

constexpr std::size_t most_devices = 50'000;
constexpr double most_rate = 1'000;  // reports a second of each device

constexpr std::array known{
    OptionSpec{"--count", "N", "how many devices (default: 1)"},
    OptionSpec{"--connector", "C", "the devices' connector (default: the server's default one)"},
    OptionSpec{"--profile", "NAME", "their profile: tutorial (the default), thermostat, or a JSON file"},
    OptionSpec{"--rate", "R", "reports a second of each device (default: as the profile says)"},
    OptionSpec{"--misbehave", "KIND", "one thing that they do wrong; several with commas; all: another one each"},
    OptionSpec{"--identity", "ID", "their id, with -1, -2, … appended or in place of {} (default: simulated)"},
    OptionSpec{"--for", "TIME", "stop after that time: 30s, 5m"},
    OptionSpec{"--seed", "N", "repeat the same random choices (default: 1)"},
    OptionSpec{"--keep-resources", "", "do not add the profile's resources that the connector lacks"},
    OptionSpec{"--print-profile", "NAME", "print a built-in profile, to copy and change"},
    OptionSpec{"--device-host", "NAME", "the name that they connect to, send in SNI and verify"},
    OptionSpec{"--device-address", "IP", "address of that name, if it does not resolve to the server"},
    OptionSpec{"--device-port", "PORT", "the port for devices"},
    OptionSpec{"--ca", "FILE", "the authority that they trust (default: the server's)"},
    OptionSpec{"--plain", "", "no TLS: for a port of serve --mqtt, or another broker"},
    OptionSpec{"--token", "TOKEN", "of the single device, which then does not provision"},
    OptionSpec{"--username", "NAME", "of all devices; {id} stands for the id"},
    OptionSpec{"--password", "TEXT", "of all devices, which then do not provision: for other brokers"},
    OptionSpec{"--subscribe", "", "subscribe to $resource/#, as other brokers require"},
};

template <typename Number>
Number number_of(const ClientOptions& options, std::string_view name, Number least, Number most, Number usual) {
    if (!options.has(name)) return usual;
    const auto text = options.value(name);
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most) {
        std::ostringstream said;
        said << name << ": found \"" << text << "\", expected a number from " << least << " to " << most;
        throw UsageError(said.str());
    }
    return number;
}

simulator::ProfilePtr profile_of_file(const std::string& name) {
    const auto why_not = config::why_not_readable(name);
    if (!why_not.empty()) {
        std::string error =
            "--profile: found \"" + name + "\", expected tutorial, thermostat or a file; the file " + why_not;
        if (const auto meant = config::nearest(name, simulator::built_in_profiles()))
            error += "; did you mean " + *meant + "?";
        throw UsageError(error);
    }
    config::Problems problems;
    auto profile = simulator::parse_profile(text_of_file(name), name, problems);
    if (profile) return profile;
    auto text = problems.error_text();
    while (text.ends_with('\n')) text.pop_back();
    throw UsageError(text);
}

void read_profile(const ClientOptions& options, SimulateRequest& request) {
    const auto name = options.has("--profile") ? options.value("--profile")
                                               : std::string(simulator::usual_profile(request.misbehaviours));
    auto profile = simulator::built_in_profile(name);
    if (!profile) profile = profile_of_file(name);
    if (const auto why = simulator::misfit(*profile, request.misbehaviours); !why.empty())
        throw UsageError("--misbehave: " + why);
    const auto rate = number_of<double>(options, "--rate", 0.0001, most_rate, 0);
    request.profile = rate > 0 ? simulator::with_rate(*profile, rate) : profile;
}

void read_misbehaviours(const ClientOptions& options, SimulateRequest& request) {
    if (!options.has("--misbehave")) return;
    std::string error;
    request.misbehaviours = simulator::read_misbehaviours(options.value("--misbehave"), error);
    if (!error.empty()) throw UsageError("--misbehave: " + error);
}

std::string variable(const config::Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

// What `exec` and `verify --device-cmd` give the device that they start.
void read_environment(const config::Environment& environment, SimulateRequest& request) {
    request.place = {.host = variable(environment, "MURANO_HOST"),
                     .address = variable(environment, "MURANO_ADDRESS"),
                     .port = variable(environment, "MURANO_PORT"),
                     .ca_file = variable(environment, "MURANO_CA")};
    if (request.place.host.empty() || request.count > 1) return;
    const auto identity = variable(environment, "MURANO_IDENTITY");
    if (!identity.empty()) request.identity = identity;
    request.token = variable(environment, "MURANO_TOKEN");
}

void read_place(const ClientOptions& options, const config::Environment& environment, SimulateRequest& request) {
    const bool somebody_says = options.url_named || options.has("--device-host") || options.has("--connector");
    if (!somebody_says) read_environment(environment, request);
    const auto take = [&options](std::string_view name, std::string& value) {
        if (options.has(name)) value = options.value(name);
    };
    take("--device-host", request.place.host);
    take("--device-address", request.place.address);
    take("--device-port", request.place.port);
    take("--ca", request.place.ca_file);
    take("--identity", request.identity);
    take("--token", request.token);
    request.place.plain = options.has("--plain");
    number_of<std::uint32_t>(options, "--device-port", 1, 65'535, 0);
}

void read_credentials(const ClientOptions& options, SimulateRequest& request) {
    if (options.has("--username")) request.username = options.value("--username");
    if (options.has("--password")) request.password = options.value("--password");
    if (request.username && !request.password)
        throw UsageError("--username needs --password; devices of Murano need neither, they provision");
    if (request.password && !request.token.empty() && options.has("--token"))
        throw UsageError("--token and --password say the same: give one of them");
    if (request.count > 1 && options.has("--token"))
        throw UsageError("--token is one device's; with --count " + std::to_string(request.count) +
                         " the devices provision by themselves");
}

// What a CONNECT and a topic can carry. [R49]
void check_lengths(const SimulateRequest& request) {
    constexpr std::size_t most_identity = 255, most_credential = 65'000;
    const auto last = request.identity_of(request.count - 1);
    if (last.empty() || last.size() > most_identity)
        throw UsageError("--identity: an id has 1 to 255 bytes; the last one would have " +
                         std::to_string(last.size()));
    const auto is_long = [](const std::string& text) { return text.size() > most_credential; };
    if (is_long(request.token) || is_long(request.username.value_or("")) || is_long(request.password.value_or("")))
        throw UsageError("--token, --username and --password may have 65000 bytes at most");
}

}  // namespace

std::string SimulateRequest::identity_of(std::size_t number) const {
    constexpr std::string_view place_of_number = "{}";
    const auto digits = std::to_string(number + 1);
    const auto at = identity.find(place_of_number);
    if (at != std::string::npos) return std::string(identity).replace(at, place_of_number.size(), digits);
    return count == 1 ? identity : identity + "-" + digits;
}

Misbehaviour SimulateRequest::misbehaviour_of(std::size_t number) const {
    return misbehaviours.empty() ? Misbehaviour::none : misbehaviours[number % misbehaviours.size()];
}

std::span<const OptionSpec> simulate_options() {
    return known;
}

SimulateRequest read_simulate_request(const ClientOptions& options, const config::Environment& environment) {
    if (!options.rest.empty()) throw UsageError("unexpected argument " + options.rest.front());
    SimulateRequest request;
    request.print_profile = options.value("--print-profile");
    if (options.has("--print-profile") && simulator::built_in_profile_text(request.print_profile).empty())
        throw UsageError("--print-profile: found \"" + request.print_profile + "\", expected tutorial or thermostat");
    request.count = number_of<std::size_t>(options, "--count", 1, most_devices, 1);
    request.seed = number_of<std::uint64_t>(options, "--seed", 0, UINT64_MAX, 1);
    if (options.has("--for")) {
        const auto time = runtime::parse_duration(options.value("--for"));
        if (const auto* error = std::get_if<runtime::DurationError>(&time))
            throw UsageError("--for: " + error->message);
        request.time = simulator::Span(std::get<std::int64_t>(time));
        if (*request.time <= simulator::Span{0}) throw UsageError("--for: the time must be more than 0");
    }
    read_misbehaviours(options, request);
    read_profile(options, request);
    read_place(options, environment, request);
    read_credentials(options, request);
    check_lengths(request);
    request.subscribes = options.has("--subscribe");
    request.adds_resources = !options.has("--keep-resources");
    return request;
}

}  // namespace cli
