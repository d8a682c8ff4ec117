#include "server/cli/config_command.h"

#include "config/load_settings.h"
#include "config/nearest.h"
#include "config/settings_schema.h"
#include "config/settings_text.h"
#include "server/faults/fault_json.h"
#include "server/faults/file_faults.h"
#include "server/verdict/suite/suite_file.h"

#include <array>
#include <ostream>
#include <vector>

namespace cli {

namespace {

constexpr int ok = 0;
constexpr int bad_usage = 2;

constexpr std::string_view usage =
    "usage: murano-emulator config check FILE\n"
    "       murano-emulator config print [--json] [flags of serve]\n"
    "       murano-emulator config schema [settings|suite]\n"
    "       murano-emulator config reference\n"
    "\n"
    "  check      Reads a settings file and names every mistake in it.\n"
    "  print      Shows the settings in force and where each comes from; secrets are masked.\n"
    "  schema     Prints a JSON Schema for editors: of the settings file, or of suite files of verify.\n"
    "  reference  Prints all settings as a Markdown table.\n"
    "\n"
    "Example: murano-emulator config check settings.jsonc\n";

using Arguments = std::span<const std::string>;

void print_problems(const config::LoadedSettings& loaded, std::ostream& err) {
    for (const config::Problem& warning : loaded.problems.warnings()) err << "warning: " << to_string(warning) << '\n';
    err << loaded.problems.error_text();
}

int check(Arguments arguments, std::ostream& out, std::ostream& err) {
    if (arguments.size() != 1 || arguments.front().starts_with("--")) {
        err << "config check takes one FILE\n" << usage;
        return bad_usage;
    }
    config::LoadedSettings loaded = config::check_settings_file(arguments.front());
    static_cast<void>(faults::read_file_faults(loaded.settings, loaded.problems));
    print_problems(loaded, err);
    if (!loaded.problems.ok()) return bad_usage;
    out << arguments.front() << ": no mistake found\n";
    return ok;
}

int print(Arguments arguments, const config::Environment& environment, std::ostream& out, std::ostream& err) {
    std::vector<std::string> flags(arguments.begin(), arguments.end());
    const bool json = std::erase(flags, "--json") != 0;
    const config::LoadedSettings loaded = config::load_settings(flags, environment);
    if (loaded.help) {
        out << usage << "\nFlags of serve:\n" << config::flags_help();
        return ok;
    }
    print_problems(loaded, err);
    if (!loaded.problems.ok()) return bad_usage;
    out << (json ? to_pretty_json_text(config::print_json(loaded)) + "\n" : config::print_text(loaded));
    return ok;
}

int no_arguments(std::string_view name, Arguments arguments, const std::string& result, std::ostream& out,
                 std::ostream& err) {
    if (!arguments.empty()) {
        err << "config " << name << " takes no arguments\n" << usage;
        return bad_usage;
    }
    out << result;
    return ok;
}

int schema(Arguments arguments, std::ostream& out, std::ostream& err) {
    const std::string what = arguments.empty() ? "settings" : arguments.front();
    if (arguments.size() > 1 || (what != "settings" && what != "suite")) {
        err << "config schema takes settings or suite, not " << arguments.back() << '\n' << usage;
        return bad_usage;
    }
    const config::JsonNode node =
        what == "suite" ? verdict::suite::suite_schema() : config::settings_schema(faults::closed_fault_schema());
    out << to_pretty_json_text(node) << '\n';
    return ok;
}

int unknown(const std::string& name, std::ostream& err) {
    constexpr std::array<std::string_view, 4> names{"check", "print", "schema", "reference"};
    const auto meant = config::nearest(name, names);
    err << "unknown command: config " << name << (meant ? ", did you mean " + *meant + "?" : "") << '\n' << usage;
    return bad_usage;
}

bool asks_for_help(Arguments arguments) {
    return !arguments.empty() && (arguments.front() == "--help" || arguments.front() == "-h");
}

}  // namespace

int config_command(Arguments arguments, const config::Environment& environment, std::ostream& out, std::ostream& err) {
    if (arguments.empty()) {
        err << usage;
        return bad_usage;
    }
    const std::string& name = arguments.front();
    const Arguments rest = arguments.subspan(1);
    const bool print_help = name == "print";  // has more to tell
    if (asks_for_help(arguments) || (asks_for_help(rest) && !print_help)) {
        out << usage;
        return ok;
    }
    if (name == "check") return check(rest, out, err);
    if (name == "print") return print(rest, environment, out, err);
    if (name == "schema") return schema(rest, out, err);
    if (name == "reference") return no_arguments(name, rest, config::settings_reference(), out, err);
    return unknown(name, err);
}

}  // namespace cli
