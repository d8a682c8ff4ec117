#include "server/cli/client_command.h"

#include "config/nearest.h"
#include "server/cli/help_text.h"

#include <algorithm>
#include <ostream>
#include <vector>

namespace cli {
namespace {

bool is_nameless(const ClientCommand& command) {
    return command.forms.size() == 1 && command.forms.front().name.empty();
}

const Form& form_of(const ClientCommand& command, const std::vector<std::string>& rest) {
    if (is_nameless(command)) return command.forms.front();
    std::vector<std::string_view> names;
    for (const auto& form : command.forms) names.push_back(form.name);
    if (rest.empty()) {
        std::string all;
        for (const auto name : names) all.append(all.empty() ? "" : ", ").append(name);
        throw UsageError("say what to do: " + all);
    }
    const auto found = std::find(names.begin(), names.end(), rest.front());
    if (found != names.end()) return command.forms[static_cast<std::size_t>(found - names.begin())];
    const auto near = config::nearest(rest.front(), names);
    throw UsageError("unknown command " + std::string(command.name) + " " + rest.front() +
                     (near ? "; did you mean " + *near + "?" : ""));
}

void check_number(const Form& form, std::span<const std::string> arguments) {
    if (arguments.size() >= form.least && arguments.size() <= form.most) return;
    if (arguments.size() > form.most) throw UsageError("unexpected argument " + arguments[form.most]);
    throw UsageError("missing argument: " + std::string(form.arguments));
}

std::string usage_line(const ClientCommand& command, const Form& form) {
    std::string line = "murano-emulator " + std::string(command.name);
    for (const auto part : {form.name, form.arguments}) {
        if (!part.empty()) line.append(" ").append(part);
    }
    return line + " [options]\n";
}

// What was typed for one name of a path; empty: nothing.
std::string typed_for_name(const ClientCommand& command, std::string_view name) {
    for (const auto& [server, typed] : command.names) {
        if (server == name) return std::string(typed);
    }
    for (const auto& option : command.options) {
        if (option.name.substr(2) == name) return std::string(option.name);
    }
    return {};
}

std::string refusal_text(const ClientCommand& command, const ClientOptions& options, const Refused& refused) {
    std::string text = refused.what();
    if (!refused.path().empty()) text = typed_for(command, refused.path()) + ": " + text;
    if (refused.status() != 401) return text;
    return text + (options.api_token.empty()
                       ? "\nThe server wants a token: --api-token TOKEN, or MURANO_EMULATOR_API_TOKEN."
                       : "\nThe token of --api-token is not the one that the server was started with.");
}

}  // namespace

std::string typed_for(const ClientCommand& command, std::string_view path) {
    constexpr std::string_view between = "?$.[]";
    for (auto rest = path; !rest.empty();) {
        rest.remove_prefix(std::min(rest.find_first_not_of(between), rest.size()));
        const auto name = rest.substr(0, rest.find_first_of(between));
        if (auto typed = typed_for_name(command, name); !typed.empty()) return typed;
        rest.remove_prefix(name.size());
    }
    return std::string(path);
}

std::string client_command_help(const ClientCommand& command) {
    std::string text;
    for (const auto& form : command.forms) text += (text.empty() ? "usage: " : "       ") + usage_line(command, form);
    text += "\n";
    for (const auto& form : command.forms) {
        const auto width = form.name.size();
        std::string line;
        if (!is_nameless(command)) {
            line.append("  ").append(form.name).append(width < 10 ? 10 - width : 1, ' ');
        }
        text += wrapped(line, form.help, line.size());
    }
    text += "\n" + client_options_help(command.options);
    if (!command.notes.empty()) text.append("\n").append(reflowed(command.notes));
    return text.append("\nExample: ").append(example_of(command.name)).append("\n");
}

int run_client_command(const ClientCommand& command, std::span<const std::string> arguments,
                       const config::Environment& environment, std::ostream& out, std::ostream& err) {
    const auto name = "murano-emulator " + std::string(command.name);
    const auto options = read_client_options(arguments, environment, command.options);
    const auto ended = [&](int code, const std::string& why) {
        out.flush();
        err << name << ": " << why << "\n" << (code == 2 ? "See " + name + " --help.\n" : "");
        return code;
    };
    try {
        if (options.help) {
            out << client_command_help(command);
            return 0;
        }
        if (!options.error.empty()) throw UsageError(options.error);
        const auto& form = form_of(command, options.rest);
        const auto own = std::span(options.rest).subspan(is_nameless(command) ? 0 : 1);
        check_number(form, own);
        ApiClient api(options);
        form.run({options, api, out, err}, own);
        out.flush();
        if (!out) throw CommandFailed("the output could not be written");
        return 0;
    } catch (const UsageError& error) {
        return ended(2, error.what());
    } catch (const WaitRanOut& ran_out) {
        return ended(3, ran_out.what());
    } catch (const Refused& refused) {
        return ended(refused.status() == 400 ? 2 : 1, refusal_text(command, options, refused));
    } catch (const std::runtime_error& error) {
        return ended(1, error.what());
    }
}

}  // namespace cli
