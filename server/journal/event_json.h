#pragma once
// One event as its users see it.
//
//   {"cursor":7,"type":"data_in","connector":"c","identity":"12345","connection_id":"…","ip":"…","protocol":"mqtt",
//    "timestamp":µs,"real_timestamp":µs,"payload":[{"timestamp":µs,"values":{"alias":value}}]}
//
// - What an event does not have is left out: identity of an anonymous client, connection_id and ip of the control side,
//   payload, an empty hint.
// - data_in, data_out: values by their kind: strings quoted, numbers and booleans bare, numbers with their exact text
//   [R40a]. A string that is not UTF-8 is base64, and its report names it: "encodings":{"alias":"base64"}.
// - publish: payload {"topic","payload"}, with "encoding":"base64" where the bytes are not UTF-8.
// - content_in: payload {"id","length","mime"}.
// - disconnect adds "closed_by" and "reason"; a finding adds "rule","code","severity","message","hint" and, where
//   it is about a packet, "packet":{"type","id","topic"}.
// - packet: payload {"direction":"in"|"out","type",…fields (packet_fields.h),"raw":hex}.
// - Names and sentences that are not UTF-8 show U+FFFD for each wrong byte, and the event says "lossy":true.

#include "server/journal/event_codec.h"

#include <cstddef>
#include <string>

namespace journal {

inline constexpr std::size_t default_shown_payload = 64 * 1024;

// Valid JSON whatever the event holds; no newline in it. Of a payload (a message, a packet, the values of all reports
// with their aliases) at most `most_payload` bytes are shown; then the event says "truncated":true and, as "length",
// how many bytes its payload has: of a message or packet all, of reports the texts of their values.
void append_json(std::string& out, const Recorded& recorded, std::size_t most_payload = default_shown_payload);

}  // namespace journal
