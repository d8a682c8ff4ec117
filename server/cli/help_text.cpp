#include "server/cli/help_text.h"

#include <algorithm>
#include <array>

namespace cli {
namespace {

struct Example {
    std::string_view command, typed;
};

constexpr std::array examples{
    Example{"identity", "murano-emulator identity add 12345 --token 0123456789abcdef0123"},
    Example{"state", "murano-emulator state set 12345 config_io='{\"channels\":{}}'"},
    Example{"history", "murano-emulator history 12345 --alias temperature --limit 20"},
    Example{"publish", "murano-emulator publish 12345 '$resource/config_io' '{\"channels\":{}}'"},
    Example{"content", "murano-emulator content put firmware.bin build/firmware.bin"},
    Example{"events", "murano-emulator events --follow --type finding"},
    Example{"wait-for", "murano-emulator wait-for data_in --alias temperature --jsonpath '>20' --within 10s"},
    Example{"report", "murano-emulator report --format junit --fail-on violation >report.xml"},
    Example{"connector", "murano-emulator connector list"},
    Example{"connections", "murano-emulator connections --connector local"},
    Example{"sessions", "murano-emulator sessions --json"},
    Example{"clock", "murano-emulator clock advance 25h --connector local"},
    Example{"fault", "murano-emulator fault add withhold packet=PUBACK --times 3"},
    Example{"simulate", "murano-emulator simulate --count 100 --profile thermostat --for 5s"},
    Example{"reset", "murano-emulator reset --connector local"},
    Example{"snapshot", "murano-emulator snapshot save before-the-update"},
    Example{"exec", "murano-emulator exec --junit report.xml --fail-on violation -- pytest -q"},
    Example{"health", "murano-emulator health --wait 10s --ready-file ready.json"},
    Example{"doctor", "murano-emulator doctor --device-host x2lmj5npsktbuik9.m2.exosite.io --ca ca.crt"},
    Example{"config", "murano-emulator config check settings.jsonc"},
    Example{"cert", "murano-emulator cert device --identity gadget --out certs"},
    Example{"completion", "source <(murano-emulator completion bash)"},
};

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

}  // namespace

std::string wrapped(std::string begin, std::string_view text, std::size_t column) {
    std::string lines, line = std::move(begin);
    bool has_words = false;
    while (!text.empty()) {
        const auto word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(word.size() + 1, text.size()));
        if (has_words && line.size() + 1 + word.size() > help_width) {
            lines += line + "\n";
            line.assign(column, ' ');
            has_words = false;
        }
        line.append(has_words ? " " : "").append(word);
        has_words = true;
    }
    return lines + line + "\n";
}

std::string reflowed(std::string_view text) {
    std::string all, paragraph;
    const auto end_paragraph = [&] {
        if (!paragraph.empty()) all += wrapped({}, paragraph, 0);
        paragraph.clear();
    };
    while (!text.empty()) {
        const auto line = take_line(text);
        if (line.empty() || line.front() == ' ') {
            end_paragraph();
            all.append(line).append("\n");
        } else {
            paragraph.append(paragraph.empty() ? "" : " ").append(line);
        }
    }
    end_paragraph();
    return all;
}

std::string_view example_of(std::string_view command) {
    const auto found = std::find_if(examples.begin(), examples.end(),
                                    [command](const Example& one) { return one.command == command; });
    return found == examples.end() ? std::string_view() : found->typed;
}

}  // namespace cli
