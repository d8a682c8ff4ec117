// GET /api:1/solution/{connector}/logs: the journal as Murano's tools read a solution's log, newest first, or as it
// comes.
#include "server/api/base/handlers.h"
#include "server/api/base/journal_walk.h"
#include "server/journal/event_json.h"
#include "server/journal/event_names.h"

#include <algorithm>
#include <deque>
#include <memory>

namespace api {

namespace {

constexpr std::size_t most_items = 100;
constexpr std::int64_t first_window = 1000;  // cursors
constexpr std::int64_t us_per_s = 1'000'000;

// {type, subject, timestamp in seconds, data}; data is the event itself.
std::string item_json(const journal::Recorded& recorded, std::size_t most_payload) {
    std::string item = R"({"type":"event","subject":"device2_)";
    item += journal::type_name(recorded.event.type);
    item += R"(","timestamp":)" + std::to_string(recorded.event.timestamp_us / us_per_s) + R"(,"data":)";
    journal::append_json(item, recorded, most_payload);
    return item + '}';
}

// The newest items of a connector: looked for in windows of the journal, each longer than the one behind it, because
// other connectors' events lie between, and mostly the first will do.
class Newest {
  public:
    Newest(device::JournalPort& journal, const ApiOptions& options, journal::Filter filter)
        : journal_(journal),
          options_(options),
          filter_(std::move(filter)),
          window_end_(journal.newest_cursor()),
          cursor_(window_end_ - first_window),
          window_begin_(cursor_) {}

    net::Polled go_on() {
        const Walk walk =
            walk_slice(journal_, filter_, cursor_, Visit::heavy, [this](const journal::Recorded& recorded) {
                if (recorded.cursor > window_end_) return false;
                found_.push_back(item_json(recorded, options_.max_shown_payload_bytes));
                bytes_ += found_.back().size();
                while (found_.size() > wanted() || (bytes_ > options_.max_event_page_bytes && found_.size() > 1)) {
                    bytes_ -= found_.front().size();
                    found_.pop_front();
                    full_ = full_ || found_.size() < wanted();
                }
                return true;
            });
        if (walk == Walk::goes_on && cursor_ < window_end_) return net::NotYet::goes_on;
        for (; !found_.empty(); found_.pop_back()) items_.push_back(std::move(found_.back()));
        if (full_ || wanted() == 0 || window_begin_ <= 0) return answer();
        window_end_ = window_begin_;
        length_ *= 4;
        window_begin_ = cursor_ = window_end_ - length_;
        return net::NotYet::goes_on;
    }

    std::size_t held_bytes() const { return bytes_; }

  private:
    std::size_t wanted() const { return most_items - items_.size(); }

    net::HttpResponse answer() const {
        std::string body = R"({"items":[)";
        for (const std::string& item : items_) {
            if (body.back() == '}') body += ',';
            body += item;
        }
        return text_response(std::move(body) + "]}", 200, "application/json");
    }

    device::JournalPort& journal_;
    const ApiOptions& options_;
    journal::Filter filter_;
    std::size_t bytes_ = 0;  // of all items
    bool full_ = false;      // of text: older ones are left out
    std::int64_t length_ = first_window;
    std::int64_t window_end_;  // inclusive
    std::int64_t cursor_;
    std::int64_t window_begin_;
    std::deque<std::string> found_;   // in this window, oldest first
    std::vector<std::string> items_;  // newest first
};

// One object a line, from now on.
net::EventStream follow(device::JournalPort& journal, std::size_t most_payload, journal::Filter filter) {
    net::EventStream answer;
    answer.head = text_response("", 200, "application/json");
    answer.head.stream = true;
    answer.silence = "\n";
    answer.more = [&journal, most_payload, filter = std::move(filter), cursor = journal.newest_cursor()]() mutable {
        net::StreamPiece piece;
        const Walk walk = walk_slice(journal, filter, cursor, Visit::heavy, [&](const journal::Recorded& recorded) {
            piece.bytes += item_json(recorded, most_payload) + '\n';
            return true;
        });
        piece.goes_on = walk != Walk::end;
        return piece;
    };
    return answer;
}

Outcome logs(Services& services, const Request& request) {
    const std::string polling = request.query("polling");
    if (!polling.empty() && polling != "true" && polling != "false") {
        return bad_request("is true or false", "?polling");
    }
    journal::Filter filter;
    filter.connector = request.param("connector");
    if (polling == "true" && request.head->method == "GET")
        return follow(services.journal, services.options.max_shown_payload_bytes, std::move(filter));
    auto newest = std::make_shared<Newest>(services.journal, services.options, std::move(filter));
    return net::LongPoll{[newest](bool) { return newest->go_on(); }, 0, [newest] { return newest->held_bytes(); }};
}

}  // namespace

void add_solution_log_route(Routes& routes, Services& services) {
    Route get{"GET", "/api:1/solution/{connector}/logs", Family::murano,
              "The last 100 events as log entries, newest first; with polling=true those to come, one a line"};
    get.query = {{"polling", "boolean", "keeps the answer open"}};
    get.answers = {
        {200, "items", "application/json",
         R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object","properties":{"type":{"type":"string"},"subject":{"type":"string","description":"device2_ and the event's type"},"timestamp":{"type":"integer","description":"seconds since 1970"},"data":{"type":"object","description":"the event"}}}}}})"}};
    get.handler = [&services](const Request& request) { return logs(services, request); };
    routes.push_back(std::move(get));
}

}  // namespace api
