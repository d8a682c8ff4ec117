// GET /_emulator/v1/connectors/{connector}/identities/{identity}/history: reported values by their timestamp.
#include "server/api/handlers.h"
#include "server/api/journal_walk.h"
#include "server/journal/json_text.h"

#include <iterator>
#include <map>
#include <memory>

namespace api {

using config::JsonNode;

namespace {

constexpr std::size_t values_at_once = 500;
constexpr std::size_t most_bytes = 64 * 1024 * 1024;

struct Value {
    std::string alias;
    std::string text;
    journal::ValueKind kind = journal::ValueKind::string;
};

// The earliest values, as many as asked for; those of one timestamp in the order of their arrival.
class Earliest {
  public:
    explicit Earliest(std::size_t limit) : limit_(limit) {}

    void add(std::int64_t timestamp_us, const journal::NamedValue& value) {
        if (values_.size() >= limit_ && timestamp_us >= values_.rbegin()->first) return;
        values_.emplace(timestamp_us, Value{std::string(value.alias), std::string(value.text), value.kind});
        bytes_ += value.text.size();
        while (values_.size() > limit_ || (bytes_ > most_bytes && values_.size() > 1)) {
            const auto last = std::prev(values_.end());
            bytes_ -= last->second.text.size();
            values_.erase(last);
        }
    }
    // The earliest of all, which is forgotten.
    std::multimap<std::int64_t, Value>::node_type take_first() { return values_.extract(values_.begin()); }
    bool empty() const { return values_.empty(); }

  private:
    std::size_t limit_;
    std::size_t bytes_ = 0;
    std::multimap<std::int64_t, Value> values_;
};

struct HistoryQuery {
    journal::Filter filter;
    std::int64_t from_us = 0;
    std::int64_t to_us = INT64_MAX;
    std::size_t limit = 1000;
};

void take_values(const journal::Event& event, const HistoryQuery& query, Earliest& found) {
    const auto* data = std::get_if<journal::DataPayload>(&event.payload);
    if (data == nullptr) return;
    for (const journal::Report& report : data->reports) {
        if (report.timestamp_us < query.from_us || report.timestamp_us > query.to_us) continue;
        for (const journal::NamedValue& value : report.values) {
            if (query.filter.alias.empty() || value.alias == query.filter.alias) found.add(report.timestamp_us, value);
        }
    }
}

JsonNode value_json(std::int64_t timestamp_us, const Value& value) {
    JsonNode shown = JsonNode::object({{"alias", JsonNode::of(journal::replace_invalid_utf8(value.alias))}});
    if (value.kind == journal::ValueKind::number && journal::is_json_number(value.text)) {
        shown.put("value", JsonNode::number(value.text));  // [R40a]
    } else if (value.kind == journal::ValueKind::boolean) {
        shown.put("value", JsonNode::of(value.text == "true"));
    } else if (journal::is_utf8(value.text)) {
        shown.put("value", JsonNode::of(value.text));
    } else {
        shown.put("value", JsonNode::of(journal::base64(value.text)));
        shown.put("encoding", JsonNode::of("base64"));
    }
    shown.put("timestamp", number_node(timestamp_us));
    return shown;
}

std::variant<HistoryQuery, device::ControlError> read_query(const Request& request) {
    HistoryQuery query;
    query.filter.connector = request.param("connector");
    query.filter.identity = request.param("identity");
    query.filter.alias = request.query("alias");
    query.filter.add_type(journal::EventType::data_in);
    const auto from = query_integer(request, "from", 0, 0, INT64_MAX);
    const auto to = query_integer(request, "to", INT64_MAX, 0, INT64_MAX);
    const auto limit = query_integer(request, "limit", 1000, 1, 10'000);
    for (const auto* one : {&from, &to, &limit}) {
        if (const auto* error = std::get_if<device::ControlError>(one)) return *error;
    }
    query.from_us = std::get<std::int64_t>(from);
    query.to_us = std::get<std::int64_t>(to);
    query.limit = static_cast<std::size_t>(std::get<std::int64_t>(limit));
    return query;
}

// The search, then the answer's text, both in slices.
class Work {
  public:
    Work(device::ControlPort& control, const HistoryQuery& query)
        : control_(control), query_(query), until_(control.newest_cursor()), found_(query.limit) {}

    net::Polled go_on() {
        if (!searched_) {
            search();
            return net::NotYet::goes_on;
        }
        write();
        if (!found_.empty()) return net::NotYet::goes_on;
        return text_response(std::move(body_) + "]}", 200, "application/json");
    }

  private:
    // What comes while it runs is not waited for: a device may report faster than one can look.
    void search() {
        const Walk walk =
            walk_slice(control_, query_.filter, cursor_, Visit::light, [&](const journal::Recorded& recorded) {
                take_values(recorded.event, query_, found_);
                return true;
            });
        searched_ = walk == Walk::end || cursor_ >= until_;
    }

    void write() {
        for (std::size_t i = 0; i < values_at_once && !found_.empty(); ++i) {
            const auto node = found_.take_first();
            if (body_.back() == '}') body_ += ',';
            body_ += config::to_json_text(value_json(node.key(), node.mapped()));
        }
    }

    device::ControlPort& control_;
    HistoryQuery query_;
    std::int64_t until_;
    std::int64_t cursor_ = 0;
    bool searched_ = false;
    Earliest found_;
    std::string body_ = R"({"values":[)";
};

Outcome history(Services& services, const Request& request) {
    const auto query = read_query(request);
    if (const auto* error = std::get_if<device::ControlError>(&query)) return *error;
    if (!services.control.identity(request.param("connector"), request.param("identity"))) {
        return not_found("no such identity");
    }
    auto work = std::make_shared<Work>(services.control, std::get<HistoryQuery>(query));
    return net::LongPoll{[work](bool) { return work->go_on(); }, 0};
}

}  // namespace

void add_history_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/connectors/{connector}/identities/{identity}/history", Family::emulator,
              "Reported values by timestamp, earliest first, as far as the journal reaches"};
    get.query = {{"alias", "string", "only this resource"},
                 {"from", "integer", "µs since 1970, inclusive"},
                 {"to", "integer", "µs since 1970, inclusive"},
                 {"limit", "integer", "1 to 10000, default 1000"}};
    get.answers = {{200, "{values: [{alias, value, timestamp}]}", "application/json"},
                   {404, "unknown identity", "application/json"}};
    get.handler = [&services](const Request& request) { return history(services, request); };
    routes.push_back(std::move(get));
}

}  // namespace api
