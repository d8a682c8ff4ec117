#include "server/cli/doctor_command.h"

#include "server/cli/doctor.h"
#include "server/cli/help_text.h"
#include "server/cli/own_server.h"
#include "server/cli/part_file.h"

#include <algorithm>
#include <array>
#include <ostream>

namespace cli {
namespace {

using config::JsonNode;

constexpr std::array own{
    OptionSpec{"--device-host", "NAME", "the name that the firmware connects to (default: localhost)"},
    OptionSpec{"--device-port", "PORT", "its port (default: the ready file's, else 8883)"},
    OptionSpec{"--ca", "FILE", "the authority that the firmware trusts (default: the server's)"},
    OptionSpec{"--token", "TOKEN", "log in with this token too"},
};

constexpr std::string_view usage =
    "usage: murano-emulator doctor [options]\n"
    "\n"
    "Checks what stands between a device and the server, from this machine: is a server there, does the name lead to\n"
    "it, can the port be reached, does TLS with SNI verify, are the clocks right, is the token known. Then it shows\n"
    "what the server found wrong with devices. Each line says what to do. Exit code 1 when something is wrong.\n";

std::string ready_file_of(std::span<const std::string> arguments, const config::Environment& environment) {
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        const auto& each = arguments[at];
        if (each.starts_with("--ready-file=")) return each.substr(each.find('=') + 1);
        if (each == "--ready-file" && at + 1 < arguments.size()) return arguments[at + 1];
    }
    const auto found = environment.find("MURANO_EMULATOR_READY_FILE");
    return found == environment.end() ? std::string() : found->second;
}

// "127.0.0.1" of "http://127.0.0.1:8080".
std::string host_of(const std::string& url) {
    auto host = url.substr(url.find("//") + 2);
    host = host.substr(0, host.find('/'));
    host = host.substr(0, host.rfind(':'));
    return host == "localhost" || host.empty() ? "127.0.0.1" : host;
}

Patient patient_of(const ClientOptions& options, const std::string& ready_file) {
    Patient patient{options, options.has("--device-host") ? options.value("--device-host") : "localhost"};
    patient.server_address = host_of(options.url);
    if (!ready_file.empty() && options.unready.empty()) {
        const auto place = read_server_place(text_of_file(ready_file));
        patient.device_port = place.port;
        if (place.host != "0.0.0.0" && place.host != "::") patient.server_address = place.host;
    }
    if (options.has("--device-port")) patient.device_port = options.value("--device-port");
    if (options.has("--ca")) patient.ca_pem = text_of_file(options.value("--ca"));
    patient.token = options.value("--token");
    return patient;
}

std::string_view word_for(Health health) {
    switch (health) {
        case Health::good:
            return "ok";
        case Health::note:
            return "note";
        case Health::wrong:
            break;
    }
    return "WRONG";
}

void print_text(std::ostream& out, const std::vector<Diagnosis>& found) {
    constexpr std::size_t check_width = 11, column = 7;
    for (const auto& each : found) {
        std::string begin(word_for(each.health));
        begin.resize(column, ' ');
        begin += each.check;
        begin.resize(std::max(begin.size(), column + check_width), ' ');
        out << wrapped(begin, each.message, column + check_width);
        if (!each.remedy.empty()) {
            out << wrapped(std::string(column + check_width, ' ') + "→ ", each.remedy, column + check_width + 2);
        }
    }
}

void print_json(std::ostream& out, const std::vector<Diagnosis>& found) {
    std::vector<JsonNode> checks;
    checks.reserve(found.size());
    for (const auto& each : found) {
        checks.push_back(JsonNode::object({{"check", JsonNode::of(each.check)},
                                           {"outcome", JsonNode::of(word_for(each.health))},
                                           {"message", JsonNode::of(each.message)},
                                           {"remedy", JsonNode::of(each.remedy)}}));
    }
    out << config::to_json_text(JsonNode::object({{"checks", JsonNode::array(std::move(checks))}})) << "\n";
}

int run(const ClientOptions& options, const std::string& ready_file, std::ostream& out) {
    if (!options.error.empty()) throw UsageError(options.error);
    if (!options.rest.empty()) throw UsageError("unexpected argument " + options.rest.front());
    const auto found = examine(patient_of(options, ready_file));
    options.json ? print_json(out, found) : print_text(out, found);
    const bool is_wrong =
        std::any_of(found.begin(), found.end(), [](const Diagnosis& each) { return each.health == Health::wrong; });
    return is_wrong ? 1 : 0;
}

}  // namespace

int doctor_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err) {
    const auto options = read_client_options(arguments, environment, own);
    if (options.help) {
        out << reflowed(usage) << "\n" << client_options_help(own) << "\nExample: " << example_of("doctor") << "\n";
        return 0;
    }
    try {
        return run(options, ready_file_of(arguments, environment), out);
    } catch (const UsageError& error) {
        err << "murano-emulator doctor: " << error.what() << "\nSee murano-emulator doctor --help.\n";
        return 2;
    } catch (const std::runtime_error& error) {
        err << "murano-emulator doctor: " << error.what() << "\n";
        return 1;
    }
}

std::span<const OptionSpec> doctor_options() {
    return own;
}

}  // namespace cli
