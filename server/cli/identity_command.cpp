#include "server/cli/identity_command.h"

#include "server/cli/text_table.h"

#include <array>
#include <fstream>
#include <ostream>
#include <sstream>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    connector_option,
    OptionSpec{"--status", "STATUS", "list: whitelisted, provisioned, locked, devmode, reprovision or expired"},
    OptionSpec{"--match", "REGEX", "list: only identities that this regular expression is found in"},
    OptionSpec{"--tag", "NAME[:VALUE]", "list: only identities with this tag"},
    OptionSpec{"--limit", "N", "list: at most so many, the last seen first (default 10000)"},
    OptionSpec{"--token", "T", "add: a token device with this token"},
    OptionSpec{"--password", "P", "add: a password device with this password"},
    OptionSpec{"--cert", "FILE", "add: a certificate device with this certificate (PEM)"},
};

std::string query_of(const ClientOptions& given) {
    constexpr std::array<std::pair<const char*, const char*>, 3> filters{
        {{"--status", "status"}, {"--match", "identity"}, {"--tag", "tag"}}};
    std::string query = "?limit=" + percent_encode(given.has("--limit") ? given.value("--limit") : "10000");
    for (const auto& [option, parameter] : filters) {
        if (!given.has(option)) continue;
        query.append("&").append(parameter).append("=").append(percent_encode(given.value(option)));
    }
    return query;
}

std::string yes(const JsonNode& device, std::string_view key) {
    const auto* member = device.find(key);
    return member != nullptr && member->truth ? "yes" : "-";
}

std::string auth_type(const JsonNode& device) {
    const auto* auth = device.find("auth");
    return auth != nullptr ? text_of(*auth, "type") : "";
}

void list(const Run& run, Arguments) {
    const auto body = run.api.get(run.api.service("/device2/identity/" + query_of(run.options)));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    const auto answer = parse_answer(body);
    TextTable table({"IDENTITY", "STATUS", "AUTH", "ONLINE", "LAST SEEN", "ADDRESS"});
    if (const auto* devices = answer.find("devices")) {
        for (const auto& device : devices->items) {
            table.add({text_of(device, "identity"), text_of(device, "status"), auth_type(device), yes(device, "online"),
                       time_text(text_of(device, "lastseen")), text_of(device, "lastip")});
        }
    }
    table.print(run.out);
    if (text_of(answer, "mayLoadMore") == "true") run.err << "There are more; see --limit and --match.\n";
}

void print_tags(std::ostream& out, const JsonNode& device) {
    const auto* tags = device.find("tags");
    if (tags == nullptr) return;
    for (const auto& tag : tags->items) {
        out << "tag          " << printable(text_of(tag, "name")) << "=" << printable(text_of(tag, "value")) << "\n";
    }
}

void print_device(const Run& run, const std::string& identity) {
    const auto body = run.api.get(run.api.identity(identity));
    if (run.options.json) {
        run.out << body << "\n";
        return;
    }
    const auto device = parse_answer(body);
    run.out << "identity     " << printable(text_of(device, "identity")) << "\n"
            << "status       " << text_of(device, "status") << "\n"
            << "auth         " << auth_type(device) << "\n";
    const auto* auth = device.find("auth");
    if (auth != nullptr && auth->find("expire") != nullptr) {
        run.out << "expires      " << time_text(text_of(*auth, "expire")) << "\n";
    }
    run.out << "locked       " << yes(device, "locked") << "\n"
            << "online       " << yes(device, "online") << "\n"
            << "last seen    " << time_text(text_of(device, "lastseen")) << "\n"
            << "last address " << text_of(device, "lastip") << "\n";
    print_tags(run.out, device);
}

void show(const Run& run, Arguments arguments) {
    print_device(run, arguments[0]);
}

// What was done in one line, or the device as it is now.
void done(const Run& run, const std::string& identity, std::string_view what) {
    if (run.options.json) {
        print_device(run, identity);
    } else {
        run.out << what << " " << printable(identity) << "\n";
    }
}

std::string read_certificate(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in || text.str().empty()) throw CommandFailed("cannot read the certificate " + file);
    return text.str();
}

void add(const Run& run, Arguments arguments) {
    const auto& given = run.options;
    if (given.has("--token") + given.has("--password") + given.has("--cert") > 1) {
        throw UsageError("a device has one credential: --token, --password or --cert");
    }
    JsonNode auth = JsonNode::object();
    const auto credential = [&](const char* option, const char* type, const std::string& key) {
        if (key.empty()) throw UsageError(std::string(option) + " must not be empty");
        auth.put("type", JsonNode::of(type));
        auth.put("key", JsonNode::of(key));
    };
    if (given.has("--token")) credential("--token", "token", given.value("--token"));
    if (given.has("--password")) credential("--password", "password", given.value("--password"));
    if (given.has("--cert")) credential("--cert", "certificate", read_certificate(given.value("--cert")));
    JsonNode body = JsonNode::object();
    if (!auth.members.empty()) body.put("auth", std::move(auth));
    run.api.send("PUT", run.api.identity(arguments[0]), body);
    done(run, arguments[0], "added");
}

void remove(const Run& run, Arguments arguments) {
    run.api.send("DELETE", run.api.identity(arguments[0]));
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"removed", JsonNode::of(arguments[0])}})) << "\n";
    } else {
        run.out << "removed " << printable(arguments[0]) << "\n";
    }
}

void change(const Run& run, const std::string& identity, std::string_view key, JsonNode value, std::string_view what) {
    run.api.send("PATCH", run.api.identity(identity), JsonNode::object({{key, std::move(value)}}));
    done(run, identity, what);
}

void lock(const Run& run, Arguments arguments) {
    change(run, arguments[0], "locked", JsonNode::of(true), "locked");
}

void unlock(const Run& run, Arguments arguments) {
    change(run, arguments[0], "locked", JsonNode::of(false), "unlocked");
}

void revoke(const Run& run, Arguments arguments) {
    change(run, arguments[0], "auth", JsonNode::object({{"expire", JsonNode::number("0")}}), "revoked");  // [R63]
}

void secret(const Run& run, Arguments arguments) {
    const auto body = run.api.get(run.api.emulator_identity(arguments[0], "/secret"));
    run.out << (run.options.json ? body : text_of(parse_answer(body), "key")) << "\n";
}

constexpr std::array forms{
    Form{"list", "", 0, 0, "the devices, the last seen first", list},
    Form{"show", "ID", 1, 1, "one device", show},
    Form{"add", "ID", 1, 1, "whitelists a device, or gives one its credential", add},
    Form{"rm", "ID", 1, 1, "deletes a device with its values, sessions and uploads", remove},
    Form{"lock", "ID", 1, 1, "closes its connections and refuses new ones", lock},
    Form{"unlock", "ID", 1, 1, "allows them again", unlock},
    Form{"revoke", "ID", 1, 1, "forgets its credential; it may provision again", revoke},
    Form{"secret", "ID", 1, 1, "prints its token, password or certificate", secret},
};

constexpr ClientCommand command{"identity", forms, options};

}  // namespace

const ClientCommand& identity_command() {
    return command;
}

}  // namespace cli
