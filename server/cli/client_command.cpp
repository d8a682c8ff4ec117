#include "server/cli/client_command.h"

#include "config/nearest.h"

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
    throw UsageError("it takes " + std::string(form.arguments));
}

std::string usage_line(const ClientCommand& command, const Form& form) {
    std::string line = "murano-emulator " + std::string(command.name);
    for (const auto part : {form.name, form.arguments}) {
        if (!part.empty()) line.append(" ").append(part);
    }
    return line + " [options]\n";
}

}  // namespace

std::string client_command_help(const ClientCommand& command) {
    std::string text;
    for (const auto& form : command.forms) text += (text.empty() ? "usage: " : "       ") + usage_line(command, form);
    text += "\n";
    for (const auto& form : command.forms) {
        const auto width = form.name.size();
        if (!is_nameless(command)) {
            text.append("  ").append(form.name).append(width < 10 ? 10 - width : 1, ' ');
        }
        text.append(form.help).append("\n");
    }
    text += "\n" + client_options_help(command.options);
    if (!command.notes.empty()) text.append("\n").append(command.notes);
    return text;
}

int run_client_command(const ClientCommand& command, std::span<const std::string> arguments,
                       const config::Environment& environment, std::ostream& out, std::ostream& err) {
    const auto name = "murano-emulator " + std::string(command.name);
    try {
        const auto options = read_client_options(arguments, environment, command.options);
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
        err << name << ": " << error.what() << "\nSee " << name << " --help.\n";
        return 2;
    } catch (const WaitRanOut& ran_out) {
        out.flush();
        err << name << ": " << ran_out.what() << "\n";
        return 3;
    } catch (const std::runtime_error& error) {
        err << name << ": " << error.what() << "\n";
        return 1;
    }
}

}  // namespace cli
