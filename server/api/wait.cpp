// POST /_emulator/v1/wait: answers the moment that something has happened, or says what came near.
#include "server/api/handlers.h"
#include "server/api/journal_walk.h"
#include "server/api/wait_request.h"

#include <algorithm>
#include <utility>

namespace api {

namespace {

constexpr unsigned most_waits = 1000;  // each looks at every event
constexpr std::int64_t looked_back = 500;

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

class Wait {
  public:
    Wait(device::ControlPort& control, std::shared_ptr<WaitRoom> room, WaitRequest request)
        : place_(std::move(room)),
          control_(control),
          waiter_(std::move(request.goal)),
          start_(request.since.value_or(control.newest_cursor())),
          cursor_(start_) {}

    net::Polled poll(bool last) {
        const Walk walk = waiter_.reached() ? Walk::stopped : read_on();
        if (waiter_.reached()) return reached();
        if (walk == Walk::goes_on) return net::NotYet::goes_on;
        if (!last) return net::NotYet::waits;
        return waiter_.reached_at_end() ? reached() : missed();
    }

  private:
    // Each event is decoded once for this wait.
    Walk read_on() {
        return walk_slice(control_, {}, cursor_, Visit::light, [this](const journal::Recorded& recorded) {
            waiter_.take(recorded);
            return !waiter_.reached();
        });
    }

    void look_back() {
        std::int64_t cursor = std::max<std::int64_t>(0, start_ - looked_back);
        while (cursor < start_) {
            const auto blocks = control_.journal_blocks(cursor, 1);
            if (blocks.empty()) return;
            journal::scan(blocks.front().bytes, {}, cursor, [this](const journal::Recorded& recorded) {
                if (recorded.cursor > start_) return false;
                waiter_.take_earlier(recorded);
                return true;
            });
            cursor = std::max(cursor + 1, blocks.front().last_cursor);
        }
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

    net::HttpResponse missed() {
        look_back();
        std::string body = R"({"error":{"code":"timeout","message":)";
        body += config::to_json_text(config::JsonNode::of("the time is over: " + waiter_.shortfall()));
        body += R"(,"path":""},"near_misses":[)";
        for (const journal::NearMiss& miss : waiter_.near_misses()) {
            if (body.back() == '}') body += ',';
            body += R"({"event":)" + miss.event + R"(,"why":)";
            body += config::to_json_text(config::JsonNode::of(miss.why)) + '}';
        }
        body += R"(],"next":)" + std::to_string(cursor_) + '}';
        return text_response(std::move(body), 408, "application/json");
    }

    WaitRoom::Place place_;
    device::ControlPort& control_;
    journal::Waiter waiter_;
    std::int64_t start_;
    std::int64_t cursor_;
};

Outcome wait(Services& services, const std::shared_ptr<WaitRoom>& room, const Request& request) {
    auto read = read_wait_request(request.body);
    if (auto* error = std::get_if<device::ControlError>(&read)) return std::move(*error);
    if (room->full()) {
        return device::ControlError{503,
                                    "too_many_waits",
                                    "there are " + std::to_string(most_waits) + " waits already; wait for some to end",
                                    {}};
    }
    auto& wanted = std::get<WaitRequest>(read);
    const std::int64_t within_ms = wanted.within_ms;
    auto waiting = std::make_shared<Wait>(services.control, room, std::move(wanted));
    return net::LongPoll{[waiting](bool last) { return waiting->poll(last); }, within_ms};
}

}  // namespace

void add_wait_routes(Routes& routes, Services& services) {
    Route post{"POST", "/_emulator/v1/wait", Family::emulator,
               "Answers as soon as the events have happened; else, when the time is over, says what came near"};
    post.body = BodyKind::json;
    post.body_schema = wait_request_schema();
    post.answers = {{200, "{events, next}", "application/json"},
                    {400, "what cannot be waited for, with its path", "application/json"},
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
