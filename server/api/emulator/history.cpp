// GET /_emulator/v1/connectors/{connector}/identities/{identity}/history: reported values by their timestamp.
#include "server/api/base/handlers.h"
#include "server/api/base/journal_walk.h"
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

using Values = std::multimap<std::int64_t, Value>;

// What is gathered for an answer, by timestamp.
class Found {
  public:
    virtual ~Found() = default;
    virtual void add(std::int64_t timestamp_us, const journal::NamedValue& value) = 0;
    virtual void forget() {
        values_.clear();
        bytes_ = 0;
    }
    // The earliest of all, which is forgotten.
    Values::node_type take_first() { return values_.extract(values_.begin()); }
    bool empty() const { return values_.empty(); }

  protected:
    std::size_t bytes_ = 0;
    Values values_;
};

// The earliest values, as many as asked for; those of one timestamp in the order of their arrival.
class Earliest : public Found {
  public:
    explicit Earliest(std::size_t limit) : limit_(limit) {}

    void add(std::int64_t timestamp_us, const journal::NamedValue& value) override {
        if (values_.size() >= limit_ && timestamp_us >= values_.rbegin()->first) return;
        values_.emplace(timestamp_us, Value{std::string(value.alias), std::string(value.text), value.kind});
        bytes_ += value.text.size();
        while (values_.size() > limit_ || (bytes_ > most_bytes && values_.size() > 1)) {
            const auto last = std::prev(values_.end());
            bytes_ -= last->second.text.size();
            values_.erase(last);
        }
    }

  private:
    std::size_t limit_;
};

// For a plot: at most so many values of each alias, spread evenly over all that there are.
class Spread : public Found {
  public:
    explicit Spread(std::size_t points) : points_(points) {}

    void add(std::int64_t timestamp_us, const journal::NamedValue& value) override {
        Alias& alias = aliases_[std::string(value.alias)];
        if (alias.seen++ % alias.stride != 0) return;
        values_.emplace(timestamp_us, Value{std::string(value.alias), std::string(value.text), value.kind});
        bytes_ += value.text.size();
        ++alias.kept;
        if (alias.kept > points_) thin_out(value.alias);
        while (bytes_ > most_bytes && values_.size() > aliases_.size()) thin_out({});
    }
    void forget() override {
        Found::forget();
        aliases_.clear();
    }

  private:
    struct Alias {
        std::size_t stride = 1;  // one of so many is kept
        std::size_t seen = 0, kept = 0;
        bool drop = false;  // the next one, while it is thinned out
    };

    // Every second value of this alias goes; empty: of every alias.
    void thin_out(std::string_view name) {
        for (auto& [known, alias] : aliases_) {
            if (name.empty() || known == name) alias.stride *= 2;
            alias.drop = false;
        }
        for (auto at = values_.begin(); at != values_.end();) {
            Alias& alias = aliases_[at->second.alias];
            const bool goes = (name.empty() || at->second.alias == name) && std::exchange(alias.drop, !alias.drop);
            if (goes) {
                bytes_ -= at->second.text.size();
                --alias.kept;
            }
            at = goes ? values_.erase(at) : std::next(at);
        }
    }

    std::size_t points_;
    std::map<std::string, Alias, std::less<>> aliases_;
};

struct HistoryQuery {
    journal::Filter filter;  // of the connector: its own deletion has no identity
    std::string identity;
    std::string alias;
    std::int64_t from_us = 0;
    std::int64_t to_us = INT64_MAX;
    std::size_t limit = 1000;
    std::size_t points = 0;  // of each alias; 0: the earliest `limit` ones
};

std::unique_ptr<Found> nothing_yet(const HistoryQuery& query) {
    if (query.points > 0) return std::make_unique<Spread>(query.points);
    return std::make_unique<Earliest>(query.limit);
}

// An identity that was deleted and made again begins anew: what was there before is no history of it. [R63]
bool ends_the_identity(const journal::Event& event, const HistoryQuery& query) {
    return event.type == journal::EventType::deleted && (event.identity.empty() || event.identity == query.identity);
}

void take_values(const journal::Event& event, const HistoryQuery& query, Found& found) {
    if (ends_the_identity(event, query)) {
        found.forget();
        return;
    }
    if (event.identity != query.identity) return;
    const auto* data = std::get_if<journal::DataPayload>(&event.payload);
    if (data == nullptr) return;
    for (const journal::Report& report : data->reports) {
        if (report.timestamp_us < query.from_us || report.timestamp_us > query.to_us) continue;
        for (const journal::NamedValue& value : report.values) {
            if (query.alias.empty() || value.alias == query.alias) found.add(report.timestamp_us, value);
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

std::variant<HistoryQuery, Error> read_query(const Request& request) {
    HistoryQuery query;
    query.filter.connector = request.param("connector");
    query.filter.add_type(journal::EventType::data_in);
    query.filter.add_type(journal::EventType::deleted);
    query.identity = request.param("identity");
    query.alias = request.query("alias");
    const auto from = query_integer(request, "from", 0, 0, INT64_MAX);
    const auto to = query_integer(request, "to", INT64_MAX, 0, INT64_MAX);
    const auto limit = query_integer(request, "limit", 1000, 1, 10'000);
    const auto points = query_integer(request, "points", 0, 2, 10'000);
    for (const auto* one : {&from, &to, &limit, &points}) {
        if (const auto* error = std::get_if<Error>(one)) return *error;
    }
    query.from_us = std::get<std::int64_t>(from);
    query.to_us = std::get<std::int64_t>(to);
    query.limit = static_cast<std::size_t>(std::get<std::int64_t>(limit));
    query.points = static_cast<std::size_t>(std::get<std::int64_t>(points));
    return query;
}

// The search, then the answer's text, both in slices.
class Work {
  public:
    Work(device::JournalPort& journal, const HistoryQuery& query)
        : journal_(journal), query_(query), until_(journal.newest_cursor()), found_(nothing_yet(query)) {}

    net::Polled go_on() {
        if (!searched_) {
            search();
            return net::NotYet::goes_on;
        }
        write();
        if (!found_->empty()) return net::NotYet::goes_on;
        return text_response(std::move(body_) + "]}", 200, "application/json");
    }

  private:
    // What comes while it runs is not waited for: a device may report faster than one can look.
    void search() {
        const Walk walk =
            walk_slice(journal_, query_.filter, cursor_, Visit::light, [&](const journal::Recorded& recorded) {
                take_values(recorded.event, query_, *found_);
                return true;
            });
        searched_ = walk == Walk::end || cursor_ >= until_;
    }

    void write() {
        for (std::size_t i = 0; i < values_at_once && !found_->empty(); ++i) {
            const auto node = found_->take_first();
            if (body_.back() == '}') body_ += ',';
            body_ += config::to_json_text(value_json(node.key(), node.mapped()));
        }
    }

    device::JournalPort& journal_;
    HistoryQuery query_;
    std::int64_t until_;
    std::int64_t cursor_ = 0;
    bool searched_ = false;
    std::unique_ptr<Found> found_;
    std::string body_ = R"({"values":[)";
};

Outcome history(Services& services, const Request& request) {
    const auto query = read_query(request);
    if (const auto* error = std::get_if<Error>(&query)) return *error;
    if (!services.identities.identity(request.param("connector"), request.param("identity"))) {
        return not_found("no such identity");
    }
    auto work = std::make_shared<Work>(services.journal, std::get<HistoryQuery>(query));
    return net::LongPoll{[work](bool) { return work->go_on(); }, 0};
}

}  // namespace

void add_history_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/connectors/{connector}/identities/{identity}/history", Family::emulator,
              "Reported values by timestamp, earliest first, as far as the journal reaches"};
    get.query = {{"alias", "string", "only this resource"},
                 {"from", "integer", "µs since 1970, inclusive"},
                 {"to", "integer", "µs since 1970, inclusive"},
                 {"limit", "integer", "1 to 10000, default 1000"},
                 {"points", "integer",
                  "2 to 10000: instead of the earliest values at most so many of each resource, spread over all"}};
    get.answers = {{200, "{values: [{alias, value, timestamp}]}", "application/json"},
                   {404, "unknown identity", "application/json"}};
    get.handler = [&services](const Request& request) { return history(services, request); };
    routes.push_back(std::move(get));
}

}  // namespace api
