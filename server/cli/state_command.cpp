#include "server/cli/state_command.h"

#include "config/nearest.h"
#include "server/cli/places.h"
#include "server/cli/text_table.h"

#include <array>
#include <ostream>
#include <vector>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    OptionSpec{"--connector", "C", "the connector (default: the one that has the device)"},
};
constexpr std::size_t widest_value = 60;

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::string meant(std::string_view alias, const JsonNode& known) {
    std::vector<std::string> names;
    for (const auto& member : known.members) names.push_back(member.key);
    const auto near = config::nearest(alias, names);
    return near ? "; did you mean " + quoted(*near) + "?" : "";
}

// The resources of the connector, {alias: {format, settable}}.
JsonNode resources(ApiClient& api, const std::string& connector) {
    const auto settings = api.get_json(service_path(connector, "/device2"));
    const auto* found = settings.find("resources");
    return found != nullptr ? *found : JsonNode::object();
}

std::string value_text(const JsonNode& entry, std::string_view key) {
    return entry.find(key) == nullptr ? "-" : text_of(entry, key);
}

void print_state(const Run& run, const JsonNode& state) {
    if (run.options.json) {
        run.out << config::to_json_text(state) << "\n";
        return;
    }
    TextTable table({"ALIAS", "REPORTED", "SET", "TIMESTAMP"});
    for (const auto& [alias, offset, entry] : state.members) {
        table.add({alias, shortened(value_text(entry, "reported"), widest_value),
                   shortened(value_text(entry, "set"), widest_value), time_text(text_of(entry, "timestamp"))});
    }
    table.print(run.out);
}

void get(const Run& run, Arguments arguments) {
    const auto connector = connector_of_identity(run.api, arguments[0]);
    const auto state = run.api.get_json(identity_path(connector, arguments[0], "/state"));
    if (arguments.size() == 1) {
        print_state(run, state);
        return;
    }
    const auto known = resources(run.api, connector);
    JsonNode chosen = JsonNode::object();
    for (const auto& alias : arguments.subspan(1)) {
        if (known.find(alias) == nullptr) {
            throw CommandFailed("this connector has no resource " + quoted(alias) + meant(alias, known));
        }
        const auto* entry = state.find(alias);  // none where it was neither reported nor set yet
        if (entry != nullptr) chosen.put(alias, *entry);
    }
    print_state(run, chosen);
}

// The value as the resource's format wants it. [R40]
JsonNode typed(const std::string& alias, std::string_view value, const JsonNode& resource) {
    const auto format = text_of(resource, "format");
    if (format == "string") return JsonNode::of(value);
    auto parsed = config::parse_json(value, config::JsonDialect::strict);
    const auto wanted = format == "number" ? JsonNode::Kind::number : JsonNode::Kind::boolean;
    if (parsed.root && parsed.faults.empty() && parsed.root->is(wanted)) return std::move(*parsed.root);
    throw CommandFailed(quoted(alias) + " is a " + format + ", which " + quoted(value) + " is not" +
                        (wanted == JsonNode::Kind::boolean ? ": say true or false" : ""));
}

JsonNode read_values(Arguments assignments, const JsonNode& known) {
    JsonNode values = JsonNode::object();
    for (const auto& assignment : assignments) {
        const auto equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0) throw UsageError(quoted(assignment) + " is not ALIAS=VALUE");
        const auto alias = assignment.substr(0, equals);
        const auto* resource = known.find(alias);
        if (resource == nullptr) {
            throw CommandFailed("this connector has no resource " + quoted(alias) + meant(alias, known));
        }
        const auto* settable = resource->find("settable");
        if (settable == nullptr || !settable->truth) {
            throw CommandFailed(quoted(alias) + " is not settable: only the device reports it");
        }
        values.put(alias, typed(alias, std::string_view(assignment).substr(equals + 1), *resource));
    }
    return values;
}

void set(const Run& run, Arguments arguments) {
    const auto connector = connector_of_identity(run.api, arguments[0]);
    const auto values = read_values(arguments.subspan(1), resources(run.api, connector));
    const auto path = identity_path(connector, arguments[0], "/state");
    run.api.send("PATCH", path, values);
    if (run.options.json) {
        print_state(run, run.api.get_json(path));
        return;
    }
    for (const auto& member : values.members) run.out << "set " << printable(member.key) << "\n";
}

constexpr std::array forms{
    Form{"get", "ID [ALIAS…]", 1, any_number, "the values of a device, all or some", get},
    Form{"set", "ID ALIAS=VALUE…", 2, any_number, "sets values from the cloud's side, all of them or none", set},
};

constexpr ClientCommand command{
    "state", forms, options,
    "A value has the resource's format: a number as JSON writes it, true or false, or any text. In the table long\n"
    "values are cut; --json shows all of them.\n"};

}  // namespace

const ClientCommand& state_command() {
    return command;
}

}  // namespace cli
