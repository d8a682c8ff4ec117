// GET /_emulator/v1/events: the journal as a list, as a long poll, or as a stream of server-sent events.
#include "server/api/base/handlers.h"
#include "server/api/base/rooms.h"
#include "server/api/emulator/event_page.h"
#include "server/api/emulator/known_connector.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

namespace api {

namespace {

constexpr std::int64_t default_limit = 1000;
constexpr std::int64_t most_limit = 10'000;
constexpr std::int64_t most_wait_ms = 600'000;
constexpr std::size_t stream_page = 500;

constexpr std::array<std::string_view, 4> own_parameters{"after", "last", "limit", "wait"};

using QueryOutcome = std::variant<EventQuery, Error>;

QueryOutcome read_query(const Request& request, std::int64_t newest) {
    EventQuery query;
    for (const net::HttpPair& pair : request.head->query) {
        const auto applied = journal::apply_parameter(query.filter, pair.name, pair.value);
        if (const auto* error = std::get_if<journal::FilterError>(&applied)) {
            return bad_request(error->message, '?' + error->parameter);
        }
        const bool own = std::find(own_parameters.begin(), own_parameters.end(), pair.name) != own_parameters.end();
        if (std::get<journal::Applied>(applied) == journal::Applied::not_a_filter && !own) {
            return bad_request("there is no such filter", '?' + pair.name);
        }
    }
    const auto after = query_integer(request, "after", 0, 0, INT64_MAX);
    if (const auto* error = std::get_if<Error>(&after)) return *error;
    const auto limit = query_integer(request, "limit", default_limit, 1, most_limit);
    if (const auto* error = std::get_if<Error>(&limit)) return *error;
    const auto last = query_integer(request, "last", INT64_MAX, 0, INT64_MAX);
    if (const auto* error = std::get_if<Error>(&last)) return *error;
    query.after = std::max(std::get<std::int64_t>(after), newest - std::min(newest, std::get<std::int64_t>(last)));
    query.limit = static_cast<std::size_t>(std::get<std::int64_t>(limit));
    return query;
}

// The events are JSON already; only the frame is put around them.
net::HttpResponse page_response(device::JournalPort& journal, const EventPage& page) {
    std::string body = R"({"events":[)";
    for (const EventPage::Entry& event : page.events) {
        if (body.back() == '}') body += ',';
        body += event.json;
    }
    body += R"(],"next":)" + std::to_string(page.next);
    body += R"(,"dropped":)" + std::to_string(journal.dropped_events()) + '}';
    return text_response(std::move(body), 200, "application/json");
}

// What did not match is not looked at again: the page goes on where it was.
net::LongPoll one_page(Services& services, const EventQuery& query, std::int64_t wait_ms) {
    auto page = std::make_shared<EventPage>();
    page->next = query.after;
    auto poll = [&services, query, page](bool last) mutable -> net::Polled {
        if (read_events(services.journal, query, *page) == Walk::goes_on) return net::NotYet::goes_on;
        if (page->events.empty() && !last) return net::NotYet::waits;
        // It may have come into being meanwhile, or have events still.
        if (page->events.empty()) {
            const auto error = unknown_connector(services.connectors, query.filter.connector, "?connector");
            if (error) return error_response(Family::emulator, *error);
        }
        return page_response(services.journal, *page);
    };
    return {std::move(poll), wait_ms, [page] { return page->bytes; }};
}

net::EventStream stream(device::JournalPort& journal, EventQuery query) {
    net::EventStream answer;
    answer.head = text_response("", 200, "text/event-stream");
    answer.head.stream = true;
    query.limit = std::min(query.limit, stream_page);
    answer.more = [&journal, query]() mutable {
        EventPage page;
        page.next = query.after;
        const Walk walk = read_events(journal, query, page);
        query.after = page.next;
        net::StreamPiece piece{{}, walk != Walk::end};
        for (const EventPage::Entry& event : page.events) {
            piece.bytes += "id: " + std::to_string(event.cursor) + "\ndata: " + event.json + "\n\n";
        }
        return piece;
    };
    return answer;
}

bool wants_stream(const Request& request) {
    return request.head->method == "GET" &&
           net::lower_case(request.head->field("Accept")).find("text/event-stream") != std::string::npos;
}

// A browser's EventSource goes on where it was cut off.
void resume(const Request& request, EventQuery& query) {
    const std::string_view last = net::trimmed(request.head->field("Last-Event-ID"));
    std::int64_t cursor = 0;
    const auto [end, error] = std::from_chars(last.data(), last.data() + last.size(), cursor);
    if (error == std::errc{} && end == last.data() + last.size()) query.after = std::max(query.after, cursor);
}

Outcome events(Services& services, const Request& request) {
    QueryOutcome read = read_query(request, services.journal.newest_cursor());
    if (auto* error = std::get_if<Error>(&read)) return std::move(*error);
    EventQuery& query = std::get<EventQuery>(read);
    query.most_payload = services.options.max_shown_payload_bytes;
    query.most_bytes = services.options.max_event_page_bytes;
    const auto wait = query_integer(request, "wait", 0, 0, most_wait_ms);
    if (const auto* error = std::get_if<Error>(&wait)) return *error;
    if (wants_stream(request)) {
        if (auto error = unknown_connector(services.connectors, query.filter.connector, "?connector"))
            return std::move(*error);
        resume(request, query);
        return in_room(services.rooms.event_streams, "limits.max_event_streams",
                       [&]() -> Outcome { return stream(services.journal, std::move(query)); });
    }
    const std::int64_t wait_ms = request.head->method == "GET" ? std::get<std::int64_t>(wait) : 0;
    return one_page(services, query, wait_ms);
}

}  // namespace

void add_event_routes(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/events", Family::emulator,
              "The journal, oldest first; with Accept: text/event-stream as server-sent events"};
    get.query = {{"connector", "string", ""},
                 {"identity", "string", ""},
                 {"type", "string", "several with commas"},
                 {"topic", "string", "MQTT topic filter"},
                 {"alias", "string", ""},
                 {"rule", "string", "of a finding, such as R28, or its code"},
                 {"code", "string", "of a finding, such as R40.comma_for_point; docs/findings.md has all"},
                 {"name", "string", "of a fault"},
                 {"kind", "string", "of a fault, such as withhold"},
                 {"from", "integer", "µs since 1970, inclusive"},
                 {"to", "integer", "µs since 1970, inclusive"},
                 {"after", "integer", "cursor to continue from"},
                 {"last", "integer", "begin with the newest ones: how many are looked at before the filter chooses"},
                 {"limit", "integer", "1 to 10000, default 1000"},
                 {"wait", "integer", "milliseconds to wait for the first event, at most 600000"}};
    get.answers = {
        {200, "{events, next, dropped}", "application/json", R"({"$ref":"#/components/schemas/Events"})"},
        {400, "a bad filter", "application/json"},
        {404, "there is no such connector; the nearest one is named", "application/json"},
        {503, "limits.max_event_streams is reached; Retry-After says when to try again", "application/json"}};
    get.handler = [&services](const Request& request) { return events(services, request); };
    routes.push_back(std::move(get));
}

}  // namespace api
