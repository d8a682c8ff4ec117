#include "server/api/murano/identity_query.h"

#include "config/names.h"
#include "server/api/murano/identity_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

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

// Why the text cannot be used; empty: it is the query's pattern now.
std::string read_pattern(const std::string& text, device::IdentityQuery& query) {
    constexpr std::size_t longest = 256;  // an id has no more
    if (text.empty()) return {};
    if (text.size() > longest) return "is longer than 256 bytes";
    auto compiled = journal::TextPattern::compile(text);
    if (auto* error = std::get_if<std::string>(&compiled)) return std::move(*error);
    query.pattern = std::move(std::get<journal::TextPattern>(compiled));
    return {};
}

std::optional<std::int64_t> integer_of(const std::string& text, std::int64_t least, std::int64_t most) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && value >= least && value <= most ? std::optional(value) : std::nullopt;
}

std::string auth_type_of(Services& services, const std::string& connector) {
    return std::string(config::to_string(services.connectors.connector_settings(connector).provisioning.auth_type));
}

// Chooses among all identities, then writes those of the page, in slices: both take tenths of a second where there are
// many.
class List {
  public:
    List(Services& services, const std::string& connector, const device::IdentityQuery& query)
        : services_(services),
          connector_(connector),
          type_(auth_type_of(services, connector)),
          search_(services.identities.select_identities(connector, query)) {}

    net::Polled go_on() {
        if (search_) {
            choose();
        } else {
            write_some();
        }
        if (search_ || at_ < chosen_.device_ids.size()) return net::NotYet::goes_on;
        return text_response(std::move(body_) + "]}", 200, "application/json");
    }

  private:
    void choose() {
        auto chosen = search_->go_on();
        if (!chosen) return;
        search_.reset();
        chosen_ = std::move(*chosen);
        body_ = chosen_.may_load_more() ? R"({"mayLoadMore":true,"devices":[)"  // in Murano's order
                                        : R"({"mayLoadMore":false,"devices":[)";
    }

    void write_some() {
        const auto count = std::min(devices_at_once, chosen_.device_ids.size() - at_);
        const auto ids = std::span(chosen_.device_ids).subspan(at_, count);
        for (const auto& view : services_.identities.identity_views(connector_, ids)) {
            if (body_.back() == '}') body_ += ',';
            body_ += config::to_json_text(identity_json(view, type_));
        }
        at_ += count;
    }

    Services& services_;
    std::string connector_, type_;
    device::SlicedWork<device::IdentitySelection> search_;  // until all were looked at
    device::IdentitySelection chosen_;
    std::size_t at_ = 0;
    std::string body_;
};

}  // namespace

std::variant<device::IdentityQuery, Error> read_identity_query(const Parameter& parameter, const std::string& place) {
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
    if (const auto error = read_pattern(parameter("identity").value_or(""), query); !error.empty()) {
        return bad_request(error, place + "identity");
    }
    read_tag(parameter("tag").value_or(""), query);
    return query;
}

Outcome identity_list(Services& services, const std::string& connector, const device::IdentityQuery& query) {
    const auto list = std::make_shared<List>(services, connector, query);
    return net::LongPoll{[list](bool) { return list->go_on(); }, 0};
}

Outcome one_identity(Services& services, const std::string& connector, const std::string& identity) {
    const auto view = services.identities.identity(connector, identity);
    if (!view) return not_found("no such identity");  // [D17]
    return json_response(identity_json(*view, auth_type_of(services, connector)));
}

}  // namespace api
