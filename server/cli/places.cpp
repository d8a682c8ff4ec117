#include "server/cli/places.h"

#include "server/cli/text_table.h"

#include <algorithm>
#include <utility>

namespace cli {

using config::JsonNode;

namespace {

struct Connectors {
    std::string default_one;
    std::vector<std::string> all;  // by name
};

Connectors ask_connectors(ApiClient& api) {
    const auto answer = api.get_json("/_emulator/v1/connectors");
    Connectors found{text_of(answer, "default"), {}};
    if (const auto* rows = answer.find("connectors")) {
        for (const JsonNode& row : rows->items) found.all.push_back(text_of(row, "connector"));
    }
    std::sort(found.all.begin(), found.all.end());
    return found;
}

// Those of them in whose service there is something at `rest`.
std::vector<std::string> having(ApiClient& api, const std::vector<std::string>& connectors, const std::string& rest) {
    std::vector<std::string> found;
    for (const auto& connector : connectors) {
        if (api.exists(service_path(connector, rest))) found.push_back(connector);
    }
    return found;
}

void check_single(const std::vector<std::string>& found, const std::string& what) {
    if (found.size() < 2) return;
    std::string all;
    for (const auto& connector : found) all.append(all.empty() ? "" : ", ").append(connector);
    throw UsageError("several connectors have the " + what + ": " + all + "; say which one with --connector");
}

std::string connector_of(ApiClient& api, const std::string& rest, const std::string& what) {
    if (!api.connector().empty()) {
        check_connector(api);
        return api.connector();
    }
    const auto found = having(api, ask_connectors(api).all, rest);
    check_single(found, what);
    if (found.empty()) throw CommandFailed("no connector has the " + what);
    return found.front();
}

std::string identity_rest(std::string_view identity) {
    return "/device2/identity/" + percent_encode(identity);
}

std::string named(std::string_view kind, std::string_view name) {
    return std::string(kind) + " \"" + printable(name) + "\"";
}

}  // namespace

void check_connector(ApiClient& api) {
    if (api.connector().empty()) return;
    // Nothing comes behind the last cursor: the answer is at once, and only whether there is such a connector.
    constexpr std::string_view behind_all = "&after=9223372036854775807";
    api.get("/_emulator/v1/events?connector=" + percent_encode(api.connector()).append(behind_all));
}

std::vector<std::string> connectors_to_list(ApiClient& api) {
    if (api.connector().empty()) {
        auto connectors = ask_connectors(api);
        if (connectors.all.empty()) connectors.all.push_back(std::move(connectors.default_one));
        return std::move(connectors.all);
    }
    check_connector(api);
    return {api.connector()};
}

std::string connector_of_identity(ApiClient& api, std::string_view identity) {
    return connector_of(api, identity_rest(identity), named("identity", identity));
}

std::string connector_of_item(ApiClient& api, std::string_view item) {
    return connector_of(api, "/content/item/" + percent_encode(item), named("content item", item));
}

std::string connector_for_identity(ApiClient& api, std::string_view identity) {
    if (!api.connector().empty()) return api.connector();
    const auto connectors = ask_connectors(api);
    const auto found = having(api, connectors.all, identity_rest(identity));
    check_single(found, named("identity", identity));
    return found.empty() ? connectors.default_one : found.front();
}

std::string connector_for_item(ApiClient& api) {
    return api.connector().empty() ? ask_connectors(api).default_one : api.connector();
}

std::vector<std::string> with_connector(const Run& run, std::vector<std::string> cells, std::string connector) {
    if (run.api.connector().empty()) cells.push_back(std::move(connector));
    return cells;
}

std::string of_connector(const ApiClient& api, std::string_view connector) {
    return api.connector().empty() ? " of connector " + std::string(connector) : std::string();
}

}  // namespace cli
