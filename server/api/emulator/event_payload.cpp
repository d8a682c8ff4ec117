// GET /_emulator/v1/events/{cursor}/payload: the bytes of a payload, of which an event shows only the beginning.
#include "server/api/base/handlers.h"
#include "server/api/base/rooms.h"
#include "server/journal/scan.h"

#include <charconv>
#include <memory>
#include <optional>

namespace api {

namespace {

constexpr std::size_t piece_bytes = 128 * 1024;

// The text of the nth value, from 0, in the order in which the event shows them.
std::optional<std::string_view> nth_value(const journal::DataPayload& data, std::int64_t nth) {
    for (const journal::Report& report : data.reports) {
        const auto count = static_cast<std::int64_t>(report.values.size());
        if (nth < count) return report.values[static_cast<std::size_t>(nth)].text;
        nth -= count;
    }
    return std::nullopt;
}

std::optional<std::string_view> payload_of(const journal::Event& event, std::int64_t nth) {
    if (const auto* publish = std::get_if<journal::PublishPayload>(&event.payload)) return publish->payload;
    if (const auto* packet = std::get_if<journal::PacketPayload>(&event.payload)) return packet->raw;
    if (const auto* data = std::get_if<journal::DataPayload>(&event.payload)) return nth_value(*data, nth);
    return std::nullopt;
}

std::variant<std::string, Error> find_payload(device::JournalPort& journal, std::int64_t cursor, std::int64_t nth) {
    std::variant<std::string, Error> found =
        not_found("there is no event with this cursor: the journal has dropped it, or a reset has");
    const auto blocks = journal.journal_blocks(cursor - 1, 1);
    const std::string_view block = blocks.empty() ? std::string_view() : blocks.front().bytes;
    journal::scan(block, {}, cursor - 1, [&](const journal::Recorded& recorded) {
        if (recorded.cursor != cursor) return false;
        const auto payload = payload_of(recorded.event, nth);
        if (payload) {
            found = std::string(*payload);
        } else {
            found = not_found(
                "this event has no such payload: publish and packet have one, data_in and data_out one for "
                "each value");
        }
        return false;
    });
    return found;
}

net::EventStream in_pieces(std::string bytes) {
    net::EventStream answer;
    answer.head = text_response("", 200, "application/octet-stream");
    shield(answer.head);
    answer.head.stream = true;
    answer.held_bytes = bytes.size();
    answer.silence.clear();
    answer.more = [all = std::make_shared<const std::string>(std::move(bytes)), sent = std::size_t{0}]() mutable {
        net::StreamPiece piece;
        piece.bytes = all->substr(sent, piece_bytes);
        sent += piece.bytes.size();
        piece.ends = sent == all->size();
        piece.goes_on = !piece.ends;
        return piece;
    };
    return answer;
}

Outcome payload(Services& services, const Request& request) {
    const std::string& text = request.param("cursor");
    std::int64_t cursor = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), cursor);
    if (error != std::errc{} || end != text.data() + text.size() || cursor < 1) {
        return bad_request("a cursor is a whole number from 1");
    }
    const auto nth = query_integer(request, "value", 0, 0, INT64_MAX);
    if (const auto* wrong = std::get_if<Error>(&nth)) return *wrong;
    auto found = find_payload(services.journal, cursor, std::get<std::int64_t>(nth));
    if (auto* missing = std::get_if<Error>(&found)) return std::move(*missing);
    return in_pieces(std::move(std::get<std::string>(found)));
}

}  // namespace

void add_event_payload_route(Routes& routes, Services& services) {
    Route get{"GET", "/_emulator/v1/events/{cursor}/payload", Family::emulator,
              "The whole payload of an event that shows only its beginning (truncated), as bytes"};
    get.query = {{"value", "integer", "of data_in and data_out: which of the event's values, from 0; default 0"}};
    get.answers = {{200, "the message, the packet or the value's text", "application/octet-stream"},
                   {404, "no such event, or one without such a payload", "application/json"},
                   {503, "limits.max_downloads is reached; Retry-After says when to try again", "application/json"}};
    get.handler = [&services](const Request& request) {
        return in_room(services.rooms.downloads, "limits.max_downloads", [&] { return payload(services, request); });
    };
    routes.push_back(std::move(get));
}

}  // namespace api
