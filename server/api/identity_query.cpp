#include "server/api/identity_query.h"

#include "config/names.h"
#include "server/api/identity_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <boost/regex.hpp>

namespace api {

using config::JsonNode;

namespace {

constexpr std::array<std::string_view, 6> statuses{"whitelisted", "provisioned", "locked",
                                                   "devmode",     "reprovision", "expired"};
constexpr std::int64_t most_limit = 10'000;
constexpr std::size_t devices_at_once = 100;  // about a millisecond

void read_tag(const std::string& text, device::IdentityQuery& query) {
    const auto parsed = config::parse_json(text, config::JsonDialect::strict);
    if (parsed.root && parsed.root->is(JsonNode::Kind::object)) {
        if (const JsonNode* name = parsed.root->find("name")) query.tag_name = name->text;
        if (const JsonNode* value = parsed.root->find("value")) query.tag_value = value->text;
        return;
    }
    const auto colon = text.find(':');
    query.tag_name = text.substr(0, colon);
    if (colon != std::string::npos) query.tag_value = text.substr(colon + 1);
}

// Why the text is no regular expression that may be used here; empty: it is one.
std::string pattern_error(const std::string& pattern) {
    constexpr std::size_t longest = 256;
    if (pattern.size() > longest) return "the pattern is longer than 256 characters";
    const boost::regex compiled(pattern, boost::regex::perl | boost::regex::no_except);
    return compiled.status() == 0 ? std::string() : "the pattern is no regular expression";
}

std::optional<std::int64_t> integer_of(const std::string& text, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

std::string auth_type_of(Services& services, const std::string& connector) {
    return std::string(config::to_string(services.control.connector_settings(connector).provisioning.auth_type));
}

}  // namespace

std::variant<device::IdentityQuery, device::ControlError> read_identity_query(const Parameter& parameter,
                                                                              const std::string& place) {
    device::IdentityQuery query;
    if (const auto text = parameter("limit")) {
        const auto limit = integer_of(*text, 1, most_limit);
        if (!limit) return bad_request("must be a whole number from 1 to 10000", place + "limit");
        query.limit = static_cast<std::uint32_t>(*limit);
    }
    if (const auto text = parameter("before")) {
        query.before_us = integer_of(*text, 0, INT64_MAX);
        if (!query.before_us) return bad_request("must be a time in µs since 1970", place + "before");
    }
    query.status = parameter("status").value_or("");
    if (!query.status.empty() && std::find(statuses.begin(), statuses.end(), query.status) == statuses.end()) {
        return bad_request("a status is whitelisted, provisioned, locked, devmode, reprovision or expired",
                           place + "status");
    }
    query.pattern = parameter("identity").value_or("");
    if (const auto error = pattern_error(query.pattern); !error.empty()) return bad_request(error, place + "identity");
    read_tag(parameter("tag").value_or(""), query);
    return query;
}

// A list of thousands takes a tenth of a second: it is written in slices.
Outcome identity_list(Services& services, const std::string& connector, const device::IdentityQuery& query) {
    auto selection = services.control.select_identities(connector, query);
    std::string begun = selection.may_load_more ? R"({"mayLoadMore":true,"devices":[)"  // in Murano's order
                                                : R"({"mayLoadMore":false,"devices":[)";
    auto poll = [&services, connector, type = auth_type_of(services, connector), ids = std::move(selection.device_ids),
                 at = std::size_t{0}, body = std::move(begun)](bool) mutable -> net::Polled {
        const auto count = std::min(devices_at_once, ids.size() - at);
        for (const auto& view : services.control.identity_views(connector, std::span(ids).subspan(at, count))) {
            if (body.back() == '}') body += ',';
            body += config::to_json_text(identity_json(view, type));
        }
        at += count;
        if (at < ids.size()) return net::NotYet::goes_on;
        return text_response(std::move(body) + "]}", 200, "application/json");
    };
    return net::LongPoll{std::move(poll), 0};
}

Outcome one_identity(Services& services, const std::string& connector, const std::string& identity) {
    const auto view = services.control.identity(connector, identity);
    if (!view) return not_found("no such identity");  // [D17]
    return json_response(identity_json(*view, auth_type_of(services, connector)));
}

}  // namespace api
