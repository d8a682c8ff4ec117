// POST /_emulator/v1/wait: answers the moment that something has happened, or says what came near.
#include "server/api/base/handlers.h"
#include "server/api/base/journal_walk.h"
#include "server/api/emulator/known_connector.h"
#include "server/api/emulator/wait_request.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace api {

namespace {

constexpr unsigned most_waits = 1000;  // each looks at every event

// How many wait at this moment.
class WaitRoom {
  public:
    bool full() const { return waiting_ >= most_waits; }

    class Place {
      public:
        explicit Place(std::shared_ptr<WaitRoom> room) : room_(std::move(room)) { ++room_->waiting_; }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;
        ~Place() { --room_->waiting_; }

      private:
        std::shared_ptr<WaitRoom> room_;
    };

  private:
    unsigned waiting_ = 0;
};

// What came near, in slices: first what had happened before the wait, then the words for the nearest.
class NearMisses {
  public:
    NearMisses(device::JournalPort& journal, journal::Waiter& waiter, std::int64_t start)
        : journal_(journal), waiter_(waiter), start_(start), cursor_(std::max<std::int64_t>(0, start - looked_back)) {}

    bool done() const { return looked_back_ && shown_ == waiter_.near_misses().size(); }
    void go_on() { looked_back_ ? show_one() : look_back(); }
    const std::string& json() const { return json_; }

  private:
    void look_back() {
        const Walk walk = walk_slice(journal_, {}, cursor_, Visit::light, [this](const journal::Recorded& recorded) {
            if (recorded.cursor > start_) return false;
            waiter_.take_earlier(recorded);
            return true;
        });
        looked_back_ = walk != Walk::goes_on || cursor_ >= start_ || ++slices_ == most_slices;
    }

    // One that the journal's caps have taken meanwhile is left out.
    void show_one() {
        const journal::Waiter::Near& near = waiter_.near_misses()[shown_++];
        std::int64_t cursor = near.cursor - 1;
        walk_slice(journal_, {}, cursor, Visit::heavy, [&](const journal::Recorded& recorded) {
            if (recorded.cursor != near.cursor) return false;
            const auto miss = waiter_.in_words(near, recorded);
            json_ += json_.empty() ? "" : ",";
            json_ += R"({"event":)" + miss.event + R"(,"why":)";
            json_ += config::to_json_text(config::JsonNode::of(miss.why)) + '}';
            return false;
        });
    }

    static constexpr std::int64_t looked_back = 500;  // events
    static constexpr int most_slices = 50;            // of looking back

    device::JournalPort& journal_;
    journal::Waiter& waiter_;
    std::int64_t start_;
    std::int64_t cursor_;
    int slices_ = 0;
    bool looked_back_ = false;
    std::size_t shown_ = 0;
    std::string json_;
};

// A connector that a wait names. It may come into being meanwhile: whether it is misspelt shows at the end.
struct Named {
    std::string connector;
    std::string path;
};

std::vector<Named> named_in(const journal::Goal& goal) {
    std::vector<Named> named;
    for (std::size_t i = 0; i < goal.steps.size(); ++i) {
        const std::string place = goal.steps.size() == 1 ? "$.match" : "$.sequence[" + std::to_string(i) + ']';
        named.push_back({goal.steps[i].filter.connector, place + ".connector"});
    }
    return named;
}

// "10s", "1500ms"
std::string as_duration(std::int64_t ms) {
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + "s" : std::to_string(ms) + "ms";
}

class Wait {
  public:
    Wait(Services& services, std::shared_ptr<WaitRoom> room, WaitRequest request)
        : place_(std::move(room)),
          connectors_(services.connectors),
          journal_(services.journal),
          named_(named_in(request.goal)),
          waiter_(std::move(request.goal)),
          start_(request.since.value_or(journal_.newest_cursor())),
          cursor_(start_),
          within_ms_(request.within_ms),
          until_(request.within_ms > 0 ? std::nullopt : std::optional(journal_.newest_cursor())) {}

    net::Polled poll(bool last) {
        if (missed_) return tell_near_misses();
        const Walk walk = waiter_.reached() ? Walk::stopped : read_on();
        if (waiter_.reached()) return reached();
        // The time that was given is kept. Where none was given, what had happened by then is looked at to its end.
        if (walk == Walk::goes_on && (!last || until_)) return net::NotYet::goes_on;
        if (!last) return net::NotYet::waits;
        unread_ = walk == Walk::goes_on && !until_;
        for (const Named& one : named_) {
            if (const auto error = unknown_connector(connectors_, one.connector, one.path)) {
                return error_response(Family::emulator, *error);
            }
        }
        if (!unread_ && waiter_.reached_at_end()) return reached();
        missed_.emplace(journal_, waiter_, start_);
        return net::NotYet::goes_on;
    }

    std::size_t held_bytes() const { return waiter_.held_bytes() + (missed_ ? missed_->json().size() : 0); }

  private:
    // Each event is decoded once for this wait.
    Walk read_on() {
        if (until_ && cursor_ >= *until_) return Walk::end;
        bool beyond = false;
        const Walk walk = walk_slice(journal_, {}, cursor_, Visit::light, [&](const journal::Recorded& recorded) {
            beyond = until_ && recorded.cursor > *until_;
            if (!beyond) waiter_.take(recorded);
            return !beyond && !waiter_.reached();
        });
        if (!beyond) return walk;
        cursor_ = *until_;
        return Walk::end;
    }

    net::HttpResponse reached() const {
        std::string body = R"({"events":[)";
        for (const std::string& event : waiter_.events()) {
            if (body.back() == '}') body += ',';
            body += event;
        }
        // A wait for a number of events goes on behind the last of them.
        const std::int64_t next = waiter_.reached() ? waiter_.last_cursor() : cursor_;
        body += R"(],"next":)" + std::to_string(next) + '}';
        return text_response(std::move(body), 200, "application/json");
    }

    net::Polled tell_near_misses() {
        if (!missed_->done()) missed_->go_on();
        if (!missed_->done()) return net::NotYet::goes_on;
        std::string sentence = "timed out after " + as_duration(within_ms_) + ": " + waiter_.shortfall();
        if (unread_) {
            sentence += "; there was no time to look at the events after cursor " + std::to_string(cursor_) +
                        ": wait again with that as since, or longer";
        }
        std::string body = R"({"error":{"code":"timeout","message":)";
        body += config::to_json_text(config::JsonNode::of(sentence));
        body += R"(,"path":""},"near_misses":[)" + missed_->json();
        body += R"(],"next":)" + std::to_string(cursor_) + '}';
        return text_response(std::move(body), 408, "application/json");
    }

    WaitRoom::Place place_;
    device::ConnectorPort& connectors_;
    device::JournalPort& journal_;
    std::vector<Named> named_;
    journal::Waiter waiter_;
    std::int64_t start_;
    std::int64_t cursor_;
    std::int64_t within_ms_;
    std::optional<std::int64_t> until_;  // without a time: what had happened when it was asked
    bool unread_ = false;                // the time was over before everything was looked at
    std::optional<NearMisses> missed_;
};

Outcome wait(Services& services, const std::shared_ptr<WaitRoom>& room, const Request& request) {
    auto read = read_wait_request(request.body);
    if (auto* error = std::get_if<Error>(&read)) return std::move(*error);
    if (room->full()) {
        return Error{503,
                     "too_many_waits",
                     "there are " + std::to_string(most_waits) + " waits already; wait for some to end",
                     {}};
    }
    auto& wanted = std::get<WaitRequest>(read);
    wanted.goal.most_payload = services.options.max_shown_payload_bytes;
    const std::int64_t within_ms = wanted.within_ms;
    auto waiting = std::make_shared<Wait>(services, room, std::move(wanted));
    return net::LongPoll{[waiting](bool last) { return waiting->poll(last); }, within_ms,
                         [waiting] { return waiting->held_bytes(); }};
}

}  // namespace

void add_wait_routes(Routes& routes, Services& services) {
    Route post{"POST", "/_emulator/v1/wait", Family::emulator,
               "Answers as soon as the events have happened; at the timeout it reports what came near"};
    post.body = BodyKind::json;
    post.body_schema = wait_request_schema();
    post.answers = {{200, "{events, next}", "application/json", R"({"$ref":"#/components/schemas/Events"})"},
                    {400, "what cannot be waited for, with its path", "application/json"},
                    {404, "there is no such connector; the nearest one is named", "application/json"},
                    {408, "it did not happen: {error, near_misses: [{event, why}], next}", "application/json",
                     R"({"type":"object","required":["error","near_misses"],"properties":{"error":{"type":"object"},
"near_misses":{"type":"array","maxItems":5,"items":{"type":"object","properties":{"event":{"type":"object"},"why":{"type":"string"}}}},
"next":{"type":"integer"}}})"},
                    {503, "too many wait already", "application/json"}};
    post.handler = [&services, room = std::make_shared<WaitRoom>()](const Request& request) {
        return wait(services, room, request);
    };
    routes.push_back(std::move(post));
}

}  // namespace api
