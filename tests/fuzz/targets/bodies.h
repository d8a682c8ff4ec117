#pragma once
// Bodies of the control API that pure functions read. The first byte selects the function; the rest is the body.

#include "server/api/emulator/wait_request.h"
#include "server/api/murano/csv.h"
#include "server/api/murano/identity_query.h"
#include "server/journal/json_text.h"
#include "server/runtime/duration.h"
#include "server/text/base64.h"
#include "tests/fuzz/targets/require.h"
#include "tests/support/sample_events.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace fuzz {

inline void check_error(const api::Error& error) {
    require(error.status >= 400 && error.status < 500 && !error.code.empty() && !error.message.empty());
}

// One event of each kind is searched for the request's goal, as the handler does: near misses from before, then new
// events.
inline void wait_body(std::string_view body) {
    const auto read = api::read_wait_request(body);
    if (const auto* error = std::get_if<api::Error>(&read)) return check_error(*error);
    const auto& request = std::get<api::WaitRequest>(read);
    require(request.within_ms >= 0 && request.within_ms <= api::longest_wait_ms);
    require(!request.goal.steps.empty() && request.goal.steps.size() <= api::most_wait_steps);
    require(request.goal.steps.size() == 1 || request.goal.count == 1);
    const SampleEvents samples;
    const auto events = samples.all();
    journal::Waiter waiter(request.goal);
    std::int64_t cursor = 0;
    for (const auto& event : events) waiter.take_earlier({++cursor, event});
    const auto nth = [&events](std::int64_t at) { return events.at(static_cast<std::size_t>(at - 1) % events.size()); };
    require(waiter.events().empty());
    for (const auto& event : events) {
        if (!waiter.reached()) waiter.take({++cursor, event});
    }
    require(waiter.last_cursor() <= cursor && waiter.events().size() <= events.size());
    require(!waiter.reached() || waiter.reached_at_end());
    if (!waiter.reached_at_end()) require(!waiter.shortfall().empty());
    const auto& near = waiter.near_misses();
    require(near.size() <= journal::Waiter::most_near_misses);
    for (const auto& one : near) {
        const auto miss = waiter.in_words(one, {one.cursor, nth(one.cursor)});
        require(!miss.why.empty() && journal::is_utf8(miss.why));
    }
}

inline std::string csv_field(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

// All lines; nullopt where one cannot be read.
inline std::optional<std::vector<api::CsvLine>> parse_csv(std::string_view text) {
    std::vector<api::CsvLine> lines;
    api::CsvReader reader(text);
    while (auto line = reader.next()) lines.push_back(std::move(*line));
    if (reader.failed()) return std::nullopt;
    return lines;
}

// Written again with every field in quotes it reads the same.
inline void csv_body(std::string_view body) {
    const auto lines = parse_csv(body);
    if (!lines) return;
    std::string written;
    std::size_t number = 0;
    for (const auto& line : *lines) {
        require(line.number > number && !line.fields.empty());
        number = line.number;
        for (std::size_t i = 0; i < line.fields.size(); ++i) written += (i > 0 ? "," : "") + csv_field(line.fields[i]);
        written += "\n";
    }
    const auto again = parse_csv(written);
    require(again && again->size() == lines->size());
    for (std::size_t i = 0; i < lines->size(); ++i) require((*again)[i].fields == (*lines)[i].fields);
}

inline void base64_body(std::string_view body) {
    if (const auto bytes = text::base64_decode(body)) {
        require(text::base64_decode(journal::base64(*bytes)) == *bytes);
    }
    require(text::base64_decode(journal::base64(body)) == body);
}

// Lines of name=value.
inline void identity_list_query(std::string_view body) {
    const api::Parameter parameter = [body](std::string_view name) -> std::optional<std::string> {
        const std::string start = std::string(name) + "=";
        for (auto rest = body; !rest.empty();) {
            const auto line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
            if (line.starts_with(start)) return std::string(line.substr(start.size()));
        }
        return std::nullopt;
    };
    const auto read = api::read_identity_query(parameter, "?");
    if (const auto* error = std::get_if<api::Error>(&read)) check_error(*error);
}

// The query of GET /events, as pairs: name and value in turn, one on each line.
inline void event_query(std::string_view body) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!body.empty()) {
        const auto line = body.substr(0, body.find('\n'));
        body.remove_prefix(std::min(line.size() + 1, body.size()));
        const auto cut = std::min(line.find('='), line.size());
        pairs.emplace_back(line.substr(0, cut), cut < line.size() ? line.substr(cut + 1) : std::string_view{});
    }
    const auto read = journal::parse_filter(pairs);
    if (const auto* error = std::get_if<journal::FilterError>(&read)) return require(!error->message.empty());
    const auto& filter = std::get<journal::Filter>(read);
    const SampleEvents samples;
    for (const auto& event : samples.all()) {
        require(journal::matches(filter, event) == journal::unmet(filter, event).empty());
    }
}

inline void bodies(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto choice = static_cast<unsigned char>(bytes.front()) % 6;
    bytes.remove_prefix(1);
    if (choice == 0) wait_body(bytes);
    if (choice == 1) csv_body(bytes);
    if (choice == 2) base64_body(bytes);
    if (choice == 3) identity_list_query(bytes);
    if (choice == 4) event_query(bytes);
    if (choice == 5) static_cast<void>(runtime::parse_duration(bytes));
}

}  // namespace fuzz
