#include "server/cli/fault_command.h"

#include "config/number_text.h"
#include "server/cli/text_table.h"
#include "server/faults/kinds.h"
#include "server/runtime/duration.h"

#include <algorithm>
#include <array>
#include <ostream>
#include <variant>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr const char* all_faults = "/_emulator/v1/faults";

constexpr std::array options{
    OptionSpec{"--connector", "C", "only devices of this connector"},
    OptionSpec{"--identity", "I", "only this device"},
    OptionSpec{"--times", "N", "strikes this many times (default: always)"},
    OptionSpec{"--for", "DURATION", "ends after this time, such as 30s"},
    OptionSpec{"--name", "N", "the fault's own name (default: fault-1, fault-2, …)"},
};

// What people write, as JSON: numbers and true or false bare, all else a string. The server judges it.
JsonNode value_of(const std::string& text, bool is_text) {
    if (is_text) return JsonNode::of(std::string_view(text));
    if (config::is_json_number(text)) return JsonNode::number(text);
    if (text == "true" || text == "false") return JsonNode::of(text == "true");
    return JsonNode::of(std::string_view(text));
}

// Whether the key takes text, whatever it looks like: topic=1 is a topic.
bool takes_text(const faults::KindRule* kind, std::string_view key) {
    if (const auto* rule = kind == nullptr ? nullptr : kind->find(key)) {
        return rule->type != faults::KeyType::number && rule->type != faults::KeyType::flag;
    }
    constexpr std::array<std::string_view, 13> texts{
        "name",  "fault_name",  "connector",      "identity",    "client_id",     "ip", "per", "topic",
        "after", "after_fault", "match.contains", "match.regex", "match.jsonpath"};
    return std::find(texts.begin(), texts.end(), key) != texts.end();
}

void put(JsonNode& fault, std::string_view key, JsonNode value) {
    if (!key.starts_with("match.")) {
        fault.put(key, std::move(value));
        return;
    }
    auto match = fault.find("match") == nullptr ? JsonNode::object() : *fault.find("match");
    match.put(key.substr(6), std::move(value));
    fault.put("match", std::move(match));
}

std::int64_t milliseconds(const std::string& text) {
    const auto duration = runtime::parse_duration(text);
    if (const auto* error = std::get_if<runtime::DurationError>(&duration)) throw UsageError(error->message);
    return std::get<std::int64_t>(duration) / 1'000;
}

JsonNode described(const Run& run, Arguments arguments) {
    const auto* kind = faults::find_kind(arguments[0]);
    auto fault = JsonNode::object({{"kind", JsonNode::of(std::string_view(arguments[0]))}});
    for (const auto& argument : arguments.subspan(1)) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos || equals == 0) {
            throw UsageError("\"" + argument + "\" is not of the form KEY=VALUE; fault kinds lists the keys");
        }
        const auto key = argument.substr(0, equals);
        put(fault, key, value_of(argument.substr(equals + 1), takes_text(kind, key)));
    }
    const auto option = [&](std::string_view name, std::string_view key, bool is_text) {
        if (run.options.has(name)) fault.put(key, value_of(run.options.value(name), is_text));
    };
    option("--connector", "connector", true);
    option("--identity", "identity", true);
    option("--times", "times", false);
    option("--name", "fault_name", true);
    if (run.options.has("--for")) {
        fault.put("for_ms", JsonNode::number(std::to_string(milliseconds(run.options.value("--for")))));
    }
    return fault;
}

void add(const Run& run, Arguments arguments) {
    const auto body = run.api.send("POST", all_faults, described(run, arguments));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    run.out << "added " << printable(text_of(parse_answer(body), "fault_name")) << "\n";
}

std::string whom(const JsonNode& fault) {
    std::string text;
    for (const std::string_view key : {"connector", "identity", "client_id", "ip"}) {
        const auto value = text_of(fault, key);
        if (!value.empty()) text += (text.empty() ? "" : " ") + std::string(key) + "=" + value;
    }
    return text.empty() ? "all" : printable(text);
}

void list(const Run& run, Arguments) {
    std::string target = all_faults;
    if (run.options.has("--connector")) target += "?connector=" + percent_encode(run.options.value("--connector"));
    const auto answer = run.api.get_json(target);
    if (run.options.json) {
        run.out << config::to_json_text(answer) << "\n";
        return;
    }
    TextTable table({"NAME", "KIND", "STATE", "HITS", "CHANCES", "WHOM"});
    for (const auto& fault : answer.find("faults")->items) {
        table.add({printable(text_of(fault, "fault_name")), text_of(fault, "kind"), text_of(fault, "state"),
                   text_of(fault, "hits"), text_of(fault, "chances"), whom(fault)});
    }
    table.print(run.out);
}

void remove(const Run& run, Arguments arguments) {
    run.api.send("DELETE", std::string(all_faults) + "/" + percent_encode(arguments[0]));
    if (!run.options.json) run.out << "removed " << printable(arguments[0]) << "\n";
}

void clear(const Run& run, Arguments) {
    std::string query;
    for (const std::string_view name : {"--connector", "--identity"}) {
        if (!run.options.has(name)) continue;
        query +=
            (query.empty() ? "?" : "&") + std::string(name.substr(2)) + "=" + percent_encode(run.options.value(name));
    }
    run.api.send("DELETE", all_faults + query);
    if (!run.options.json) run.out << "no faults any more\n";
}

std::string value_text(const faults::KeyRule& rule) {
    if (rule.type == faults::KeyType::number) return std::to_string(rule.least) + ".." + std::to_string(rule.most);
    if (rule.type == faults::KeyType::flag) return "true|false";
    if (rule.choices.empty()) return std::string(to_string(rule.type));
    std::string all;
    for (const auto choice : rule.choices) all.append(all.empty() ? "" : "|").append(choice);
    return all;
}

// Of this program's own version: no server is asked.
void kinds(const Run& run, Arguments) {
    for (const auto& kind : faults::kinds()) {
        run.out << kind.name << "  (" << to_string(kind.layer) << ")  " << kind.help << "\n";
        for (const auto& key : kind.keys) {
            run.out << "    " << key.name << "=" << value_text(key) << (key.needed ? "  (needed)" : "");
            if (!key.fallback.empty()) run.out << "  (default " << key.fallback << ")";
            run.out << "  " << key.help << "\n";
        }
    }
    run.out
        << "every kind: connector= identity= client_id= anonymous= ip= skip= times= probability= seed= per= for_ms= "
           "after_ms= after=; MQTT kinds: topic= match.contains= match.equals= match.regex= match.jsonpath=\n";
}

constexpr std::array forms{
    Form{"add", "KIND [KEY=VALUE…]", 1, any_number, "such as: fault add withhold packet=PUBACK --times 3", add},
    Form{"ls", "", 0, 0, "the faults, spent ones too", list},
    Form{"rm", "NAME", 1, 1, "ends it: delayed packets leave at once, silenced connections are reset", remove},
    Form{"clear", "", 0, 0, "ends all, or those of --connector and --identity", clear},
    Form{"kinds", "", 0, 0, "the kinds with their keys", kinds},
};

constexpr ClientCommand command{
    "fault", forms, options,
    "The kind decides the meaning of name=: the content item in the content kinds, the fault's own name elsewhere.\n"};

}  // namespace

const ClientCommand& fault_command() {
    return command;
}

}  // namespace cli
