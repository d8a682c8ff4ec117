#include "server/cli/verify_command.h"

#include "server/cli/client_command.h"
#include "server/cli/text_table.h"
#include "server/cli/verify_run.h"
#include "server/verdict/check_table.h"
#include "server/verdict/selection.h"

#include <algorithm>
#include <fstream>
#include <ostream>

namespace cli {
namespace {

using config::JsonNode;

enum Code : int { all_well = 0, failed = 1, bad_usage = 2, never_connected = 3, not_done = 4 };

constexpr const char* usage =
    "usage: murano-emulator verify --identity ID [options]\n\n"
    "Judges a device's firmware: watches it, provokes it with faults, and says what to change.\n"
    "It needs a running server; with --device-cmd it starts its own unless one is named.\n"
    "Example: murano-emulator verify --identity 12345 --watch-only --output verdict.html\n\n";

constexpr const char* notes =
    "\nThe command of --device-cmd finds in its environment: MURANO_HOST (the name to connect to and to\n"
    "verify), MURANO_ADDRESS, MURANO_PORT, MURANO_CA (a file), MURANO_CONNECTOR, MURANO_IDENTITY,\n"
    "MURANO_API, and MURANO_TOKEN where the command mentions it. It is killed and started again where a\n"
    "check needs a power cycle.\n\n"
    "Parameters (--set), in seconds: patience_s, max_backoff_s, keep_alive_max_s, keep_alive_patience_s,\n"
    "outage_s, duration_s, report_interval_s, watch_s, wait_s, look_s; others: report_alias,\n"
    "setting_alias, setting_values, text_alias, content_bytes, corruptions, seed, reprovisions\n"
    "(docs/checks.md).\n"
    "A suite file: docs/checks.md, and for an editor murano-emulator config schema suite.\n\n"
    "Exit code 0: passed, warnings allowed; 1: a check failed; 2: bad usage; 3: the device never\n"
    "connected; 4: the run could not be done, or nothing was judged.\n";

int list_checks(const VerifyRequest& request, std::ostream& out) {
    TextTable table({"ID", "KIND", "SUITE", "NEEDS", "WHAT IT ASKS"});
    for (const auto* row : request.checks) {
        const bool built_in = row->watch != nullptr || row->act != nullptr;
        table.add({std::string(row->id), row->watch != nullptr ? "watch" : "act",
                   built_in ? (row->in_quick ? "quick" : "full") : "file", std::string(row->needs),
                   std::string(row->title)});
    }
    table.print(out);
    return all_well;
}

std::string escaped(const std::string& text, bool of_property) {
    std::string result;
    for (const char letter : text) {
        const bool special =
            letter == '%' || letter == '\r' || letter == '\n' || (of_property && (letter == ':' || letter == ','));
        constexpr const char* hex = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(letter);
        result += special ? std::string{'%', hex[byte >> 4U], hex[byte & 15U]} : std::string(1, letter);
    }
    return result;
}

template <typename Each>
void for_each_check(const JsonNode& run, Each each) {
    const auto* checks = run.find("checks");
    if (checks == nullptr) return;
    for (const auto& check : checks->items) each(check);
}

void print_for_github(const JsonNode& run, std::ostream& out) {
    for_each_check(run, [&](const JsonNode& check) {
        const auto outcome = text_of(check, "outcome");
        if (outcome != "failed" && outcome != "warned") return;
        const auto title = text_of(check, "id") + " " + text_of(check, "title");
        out << (outcome == "failed" ? "::error" : "::warning") << " title=" << escaped(title, true)
            << "::" << escaped(text_of(check, "message") + " " + text_of(check, "hint"), false) << "\n";
    });
}

void write_reports(VerifyScene& scene, const VerifyRequest& request, const JsonNode& run, std::ostream& out) {
    const auto report = [&](const std::string& format) {
        return scene.api().get("/_emulator/v1/runs/" + text_of(run, "id") + "/report?format=" + format);
    };
    for (const auto& [file, format] : request.outputs) {
        std::ofstream to(file, std::ios::binary | std::ios::trunc);
        to << report(format);
        if (!to.flush()) throw CommandFailed("cannot write " + file);
    }
    out << report(request.format);
    if (request.format == "json") out << "\n";
}

// The ids of --require that were not judged.
std::string missing(const VerifyRequest& request, const JsonNode& run) {
    std::string names;
    for_each_check(run, [&](const JsonNode& check) {
        const auto id = text_of(check, "id");
        const bool required = std::ranges::any_of(
            request.require, [&](const std::string& glob) { return verdict::matches_glob(glob, id); });
        if (required && text_of(check, "outcome") == "not_run") names += (names.empty() ? "" : ", ") + id;
    });
    return names;
}

int judge(const VerifyRequest& request, const JsonNode& run, std::ostream& err) {
    const auto outcome = text_of(run, "outcome");
    if (text_of(run, "state") == "aborted") {
        err << "murano-emulator verify: the run was aborted: " << text_of(run, "aborted_because") << "\n";
        return not_done;
    }
    const auto* connected = run.find("connected");
    if (connected != nullptr && !connected->truth) {
        err << "murano-emulator verify: the device never connected: " << text_of(run, "seen_instead") << ".\n";
        return never_connected;
    }
    if (outcome == "failed") return failed;
    if (const auto names = missing(request, run); !names.empty()) {
        err << "murano-emulator verify: required, and not judged: " << names << "\n";
        return failed;
    }
    if (outcome == "not_run") {
        err << "murano-emulator verify: nothing was judged.\n";
        return not_done;
    }
    return outcome == "warned" && request.warnings_fail ? failed : all_well;
}

int verify(const ClientOptions& options, const VerifyRequest& request, std::ostream& out, std::ostream& err) {
    VerifyScene scene(options, request);
    scene.prepare(err);
    const auto run = verify_run(scene, request, err);
    write_reports(scene, request, run, out);
    if (request.github) print_for_github(run, out);
    out.flush();
    return judge(request, run, err);
}

}  // namespace

int verify_command(std::span<const std::string> arguments, const config::Environment& environment, std::ostream& out,
                   std::ostream& err) {
    const auto options = read_client_options(arguments, environment, verify_options());
    if (options.help) {
        out << usage << client_options_help(verify_options()) << notes;
        return all_well;
    }
    const auto ended = [&](int code, const std::string& why) {
        err << "murano-emulator verify: " << why << "\n"
            << (code == bad_usage ? "See murano-emulator verify --help.\n" : "");
        return code;
    };
    try {
        if (!options.error.empty()) throw UsageError(options.error);
        const auto request = read_verify_request(options, environment);
        return request.list ? list_checks(request, out) : verify(options, request, out, err);
    } catch (const UsageError& error) {
        return ended(bad_usage, error.what());
    } catch (const Refused& refused) {
        const auto path = refused.path().empty() ? std::string() : refused.path() + ": ";
        return ended(refused.status() == 400 ? bad_usage : not_done, path + refused.what());
    } catch (const std::runtime_error& error) {
        return ended(not_done, error.what());
    }
}

}  // namespace cli
