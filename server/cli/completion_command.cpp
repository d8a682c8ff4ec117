#include "server/cli/completion_command.h"

#include "config/settings_table.h"
#include "server/cli/commands.h"

#include <ostream>

namespace cli {
namespace {

constexpr auto usage =
    "usage: murano-emulator completion bash|zsh\n"
    "\n"
    "Prints a completion script. Bash: source <(murano-emulator completion bash), in ~/.bashrc to keep it.\n"
    "Zsh: the same with zsh, behind compinit in ~/.zshrc.\n";

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
        all.push_back({std::string(command.name), joined(command.words, command.options)});
    }
    all.front().words = joined(names, {"--help", "--version"});
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
           "  fi\n"
           "  compadd -- ${=choices} || _files\n"
           "}\n"
           "compdef _murano_emulator murano-emulator\n";
}

}  // namespace

int completion_command(std::span<const std::string> arguments, const config::Environment&, std::ostream& out,
                       std::ostream& err) {
    if (arguments.size() == 1 && (arguments.front() == "--help" || arguments.front() == "-h")) {
        out << usage;
        return 0;
    }
    if (arguments.size() != 1 || (arguments.front() != "bash" && arguments.front() != "zsh")) {
        err << "murano-emulator completion: say \"completion bash\" or \"completion zsh\"\n" << usage;
        return 2;
    }
    out << (arguments.front() == "bash" ? bash_script() : zsh_script());
    return 0;
}

}  // namespace cli
