#include "server/cli/identity_command.h"

#include "server/cli/part_file.h"
#include "server/cli/places.h"
#include "server/cli/text_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ostream>
#include <utility>
#include <vector>

namespace cli {

using config::JsonNode;

namespace {

using Arguments = std::span<const std::string>;

constexpr std::array options{
    OptionSpec{"--connector", "C",
               "the connector (default: all for list, else the one that has the device; for a new one the server's "
               "default one)"},
    OptionSpec{"--status", "STATUS", "list: whitelisted, provisioned, locked, devmode, reprovision or expired"},
    OptionSpec{"--match", "REGEX", "list: only identities that match this regular expression"},
    OptionSpec{"--tag", "NAME[:VALUE]", "list: only identities with this tag"},
    OptionSpec{"--limit", "N", "list: at most this many, last seen first (default 10000)"},
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

struct Listed {
    std::vector<JsonNode> devices;  // each with its connector; the last seen first
    bool more = false;
};

std::int64_t last_seen(const JsonNode& device) {
    const auto text = text_of(device, "lastseen");
    std::int64_t us = 0;
    std::from_chars(text.data(), text.data() + text.size(), us);
    return us;
}

// The server lists one connector at a time, and has checked the limit.
void cut(Listed& listed, const std::string& limit) {
    const auto later = [](const JsonNode& a, const JsonNode& b) { return last_seen(a) > last_seen(b); };
    std::stable_sort(listed.devices.begin(), listed.devices.end(), later);
    std::size_t most = listed.devices.size();
    std::from_chars(limit.data(), limit.data() + limit.size(), most);
    if (listed.devices.size() <= most) return;
    listed.devices.resize(most);
    listed.more = true;
}

Listed ask_list(const Run& run) {
    Listed listed;
    const auto query = query_of(run.options);
    for (const auto& connector : connectors_to_list(run.api)) {
        auto answer = run.api.get_json(service_path(connector, "/device2/identity/" + query));
        listed.more = listed.more || text_of(answer, "mayLoadMore") == "true";
        for (auto& member : answer.members) {
            if (member.key != "devices") continue;
            for (auto& device : member.value.items) {
                device.put("connector", JsonNode::of(connector));
                listed.devices.push_back(std::move(device));
            }
        }
    }
    if (run.options.has("--limit")) cut(listed, run.options.value("--limit"));
    return listed;
}

void list(const Run& run, Arguments) {
    auto listed = ask_list(run);
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"mayLoadMore", JsonNode::of(listed.more)},
                                                          {"devices", JsonNode::array(std::move(listed.devices))}}))
                << "\n";
        return;
    }
    TextTable table(with_connector(run, {"IDENTITY", "STATUS", "AUTH", "ONLINE", "LAST SEEN", "ADDRESS"}, "CONNECTOR"));
    for (const auto& device : listed.devices) {
        table.add(
            with_connector(run,
                           {text_of(device, "identity"), text_of(device, "status"), auth_type(device),
                            yes(device, "online"), time_text(text_of(device, "lastseen")), text_of(device, "lastip")},
                           text_of(device, "connector")));
    }
    table.print(run.out);
    if (listed.more) run.err << "There are more; see --limit and --match.\n";
}

void print_tags(std::ostream& out, const JsonNode& device) {
    const auto* tags = device.find("tags");
    if (tags == nullptr) return;
    for (const auto& tag : tags->items) {
        out << "tag          " << printable(text_of(tag, "name")) << "=" << printable(text_of(tag, "value")) << "\n";
    }
}

void print_device(const Run& run, const std::string& connector, const std::string& identity) {
    const auto body = run.api.get(identity_path(connector, identity));
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
            << "last address " << text_of(device, "lastip") << "\n"
            << "connector    " << connector << "\n";
    print_tags(run.out, device);
}

void show(const Run& run, Arguments arguments) {
    print_device(run, connector_of_identity(run.api, arguments[0]), arguments[0]);
}

// What was done in one line, or the device as it is now.
void done(const Run& run, const std::string& connector, const std::string& identity, std::string_view what) {
    if (run.options.json) {
        print_device(run, connector, identity);
    } else {
        run.out << what << " " << printable(identity) << of_connector(run.api, connector) << "\n";
    }
}

std::string read_certificate(const std::string& file) {
    std::string text = text_of_file(file);
    if (text.empty()) throw CommandFailed(file + " is empty, expected a certificate in PEM");
    return text;
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
    const auto connector = connector_for_identity(run.api, arguments[0]);
    run.api.send("PUT", identity_path(connector, arguments[0]), body);
    done(run, connector, arguments[0], "added");
}

void remove(const Run& run, Arguments arguments) {
    const auto connector = connector_of_identity(run.api, arguments[0]);
    run.api.send("DELETE", identity_path(connector, arguments[0]));
    if (run.options.json) {
        run.out << config::to_json_text(JsonNode::object({{"removed", JsonNode::of(arguments[0])}})) << "\n";
    } else {
        run.out << "removed " << printable(arguments[0]) << of_connector(run.api, connector) << "\n";
    }
}

void change(const Run& run, const std::string& identity, std::string_view key, JsonNode value, std::string_view what) {
    const auto connector = connector_of_identity(run.api, identity);
    run.api.send("PATCH", identity_path(connector, identity), JsonNode::object({{key, std::move(value)}}));
    done(run, connector, identity, what);
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
    const auto connector = connector_of_identity(run.api, arguments[0]);
    const auto body = run.api.get(emulator_identity_path(connector, arguments[0], "/secret"));
    run.out << (run.options.json ? body : text_of(parse_answer(body), "key")) << "\n";
}

constexpr std::array forms{
    Form{"list", "", 0, 0, "the devices, last seen first", list},
    Form{"show", "ID", 1, 1, "one device", show},
    Form{"add", "ID", 1, 1, "whitelists a device, or sets its credential", add},
    Form{"rm", "ID", 1, 1, "deletes a device with its values, sessions and uploads", remove},
    Form{"lock", "ID", 1, 1, "closes its connections and refuses new ones", lock},
    Form{"unlock", "ID", 1, 1, "allows them again", unlock},
    Form{"revoke", "ID", 1, 1, "deletes its credential; it may provision again", revoke},
    Form{"secret", "ID", 1, 1, "prints its token, password or certificate", secret},
};

constexpr std::array names{ServerName{"identity", "--match"}, ServerName{"key", "--token, --password or --cert"}};

constexpr ClientCommand command{"identity", forms, options, {}, names};

}  // namespace

const ClientCommand& identity_command() {
    return command;
}

}  // namespace cli
