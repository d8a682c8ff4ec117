#include "server/cli/completion_command.h"

#include "config/setting_value.h"
#include "config/settings_table.h"
#include "server/cli/commands.h"
#include "server/faults/kinds.h"
#include "server/journal/event_names.h"
#include "server/simulator/misbehaviour.h"
#include "server/verdict/check_table.h"
#include "server/verdict/parameter_table.h"

#include <algorithm>
#include <array>
#include <functional>
#include <ostream>
#include <sstream>

namespace cli {
namespace {

constexpr auto usage =
    "usage: murano-emulator completion bash|zsh|fish\n"
    "\n"
    "Prints a completion script. Bash: the line of the example, in ~/.bashrc to keep it. Zsh:\n"
    "the same with zsh, after compinit in ~/.zshrc. Fish: in config.fish,\n"
    "murano-emulator completion fish | source.\n"
    "\n"
    "Example: source <(murano-emulator completion bash)\n";

// Values that an option takes, where there are few. Empty: a file name is meant.
struct Values {
    std::string option, words;
};

template <typename Names, typename Name = std::identity>
std::string words_of(const Names& names, Name name = {}) {
    std::string words;
    for (const auto& one : names) words.append(words.empty() ? "" : " ").append(std::invoke(name, one));
    return words;
}

// Of the tables that the commands themselves go by.
std::vector<Values> make_values() {
    const std::string checks = words_of(verdict::check_table(), &verdict::CheckRow::id);
    std::vector<Values> all{
        {"--format", "text json junit markdown tap html pcapng"},
        {"--fail-on", "violation warning"},
        {"--type", words_of(journal::type_names())},
        {"--kind", words_of(faults::kinds(), &faults::KindRule::name)},
        {"--status", "whitelisted provisioned locked devmode reprovision expired"},
        {"--warnings-as", "pass fail"},
        {"--profile", "tutorial thermostat"},
        {"--misbehave", "all " + words_of(simulator::misbehaviours(), &simulator::MisbehaviourRow::name)},
        {"--only", checks},
        {"--skip", checks},
        {"--require", checks},
        {"--set", words_of(verdict::parameter_table(), [](const auto& row) { return std::string(row.name) + "="; })}};
    for (const auto& setting : config::settings_table()) {
        const auto choices = config::choices_of(setting);
        if (!setting.flag.empty() && !choices.empty())
            all.push_back({"--" + std::string(setting.flag), words_of(choices)});
    }
    return all;
}

const std::vector<Values>& values() {
    static const auto all = make_values();
    return all;
}

// What may stand behind a command besides its own words and options.
std::string more_words(std::string_view command) {
    if (command == "fault") return words_of(faults::kinds(), &faults::KindRule::name);
    if (command == "wait-for") return words_of(journal::type_names());
    if (command == "verify") return "quick full";
    return {};
}

struct Words {
    std::string command, words;
};

std::string joined(const std::vector<std::string>& some, const std::vector<std::string>& more) {
    std::string text;
    for (const auto* list : {&some, &more}) {
        for (const auto& word : *list) text.append(text.empty() ? "" : " ").append(word);
    }
    return text;
}

// What may follow each command; the first is for the place of the command itself.
std::vector<Words> all_words() {
    std::vector<std::string> flags, names{"serve"};
    for (const auto& setting : config::settings_table()) {
        if (!setting.flag.empty()) flags.push_back("--" + std::string(setting.flag));
    }
    flags.emplace_back("--help");
    std::vector<Words> all{{"", ""}, {"serve", joined(flags, {})}};
    for (const auto& command : commands()) {
        names.emplace_back(command.name);
        const std::string more = more_words(command.name);
        all.push_back({std::string(command.name),
                       joined(command.words, command.options).append(more.empty() ? "" : " ").append(more)});
    }
    all.push_back({"help", joined(names, {})});
    all.front().words = joined(names, {"help", "version", "--help", "--version"});
    return all;
}

// `variable` gets the words that fit.
std::string cases(const std::vector<Words>& all, const std::string& variable) {
    std::string text;
    for (const auto& one : all) {
        if (one.command.empty()) continue;
        text += "    " + one.command + ") " + variable + "=\"" + one.words + "\" ;;\n";
    }
    return text;
}

std::string fish_values(std::string_view option) {
    for (const auto& one : values()) {
        if (one.option == option) return " -x -a '" + one.words + "'";
    }
    return {};
}

std::string value_cases(const std::string& variable) {
    std::string text;
    for (const auto& one : values()) {
        text.append("    ")
            .append(one.option)
            .append(") ")
            .append(variable)
            .append("=\"")
            .append(one.words)
            .append("\" ;;\n");
    }
    return text;
}

// Where no word fits, a file name is meant.
std::string bash_script() {
    const auto all = all_words();
    return "_murano_emulator() {\n"
           "  local words=\"\"\n"
           "  local current=\"${COMP_WORDS[COMP_CWORD]}\"\n"
           "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
           "    words=\"" +
           all.front().words +
           "\"\n"
           "  else\n"
           "    case \"${COMP_WORDS[1]}\" in\n" +
           cases(all, "words") +
           "    esac\n"
           "    case \"${COMP_WORDS[COMP_CWORD-1]}\" in\n" +
           value_cases("words") +
           "    esac\n"
           "  fi\n"
           "  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
           "}\n"
           "complete -o default -F _murano_emulator murano-emulator\n";
}

// `words` is zsh's own name for what was typed.
std::string zsh_script() {
    const auto all = all_words();
    return "#compdef murano-emulator\n"
           "_murano_emulator() {\n"
           "  local choices=\"\"\n"
           "  if (( CURRENT == 2 )); then\n"
           "    choices=\"" +
           all.front().words +
           "\"\n"
           "  else\n"
           "    case \"${words[2]}\" in\n" +
           cases(all, "choices") +
           "    esac\n"
           "    case \"${words[CURRENT-1]}\" in\n" +
           value_cases("choices") +
           "    esac\n"
           "  fi\n"
           "  compadd -- ${=choices} || _files\n"
           "}\n"
           "compdef _murano_emulator murano-emulator\n";
}

// Within single quotes.
std::string fish_quoted(std::string_view text) {
    std::string quoted;
    for (const char c : text) quoted.append(c == '\'' || c == '\\' ? "\\" : "").push_back(c);
    return quoted;
}

// Where no word fits, fish offers file names by itself.
std::string fish_script() {
    const std::string line = "complete -c murano-emulator ";
    const auto behind = [](const std::string& command) { return "-n '__fish_seen_subcommand_from " + command + "' "; };
    std::string text;
    for (const auto& command : commands()) {
        text += line + "-f -n __fish_use_subcommand -a " + std::string(command.name) + " -d '" +
                fish_quoted(command.summary) + "'\n";
    }
    text += line + "-f -n __fish_use_subcommand -a serve -d 'runs the server'\n";
    for (const auto& one : all_words()) {
        if (one.command.empty()) continue;
        std::istringstream words(one.words);
        for (std::string word; words >> word;) {
            const bool is_option = word.starts_with("--");
            text += line + behind(one.command) + (is_option ? "-l " + word.substr(2) : "-a " + word) +
                    fish_values(word) + "\n";
        }
    }
    return text;
}

std::string script_for(const std::string& shell) {
    if (shell == "bash") return bash_script();
    return shell == "zsh" ? zsh_script() : fish_script();
}

constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};

}  // namespace

int completion_command(std::span<const std::string> arguments, const config::Environment&, std::ostream& out,
                       std::ostream& err) {
    if (arguments.size() == 1 && (arguments.front() == "--help" || arguments.front() == "-h")) {
        out << usage;
        return 0;
    }
    if (arguments.size() != 1 || std::find(shells.begin(), shells.end(), arguments.front()) == shells.end()) {
        err << "murano-emulator completion: say \"completion bash\", \"completion zsh\" or \"completion fish\"\n"
            << usage;
        return 2;
    }
    out << script_for(arguments.front());
    return 0;
}

}  // namespace cli
