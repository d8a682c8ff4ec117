#pragma once
// Conditions on the content of an event. Pure; copies share what is compiled.
//
// All conditions must hold for one of the event's texts:
//   data_in, data_out   each value, as its exact text; only that of the alias where the match names one
//   publish             the payload's bytes
//   others              equals and contains and regex: the sentence of a finding, the reason of a disconnect, the id of
//                       a content item, the detail of a fault, the decoded packet as JSON; jsonpath: the whole event as
//                       JSON, "/rule=\"R28\""

#include "server/journal/event_codec.h"
#include "server/journal/json_condition.h"
#include "server/journal/text_pattern.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace journal {

struct PayloadMatch {
    std::optional<std::string> equals;     // the text, byte for byte
    std::optional<JsonValue> equals_json;  // the text is JSON with this value; `equals` is then the value as written
    std::optional<std::string> contains;
    std::optional<TextPattern> regex;
    std::optional<JsonCondition> jsonpath;

    bool empty() const { return !equals && !contains && !regex && !jsonpath; }
};

struct EventText {
    std::string_view alias;  // of a value; else empty
    std::string_view text;
    std::string_view document;  // for jsonpath
};
// Calls `visit` with each text until it returns true; returns whether it did. `alias` empty: any.
bool any_text(const Recorded& recorded, std::string_view alias, const std::function<bool(const EventText&)>& visit);

bool holds(const PayloadMatch& match, const EventText& text);
// Whether one of the event's texts fits.
bool holds(const PayloadMatch& match, const Recorded& recorded, std::string_view alias);

// Why `text` does not fit: `"21.4" is not "22"`. One clause, for the first condition that fails.
std::string difference(const PayloadMatch& match, const EventText& text);

// In quotes, shortened, with U+FFFD for invalid UTF-8.
std::string quoted(std::string_view text);

}  // namespace journal
