#pragma once
// One event as users see it.
//
//   {"cursor":7,"type":"data_in","connector":"c","identity":"12345","connection_id":"…","ip":"…","protocol":"mqtt",
//    "timestamp":µs,"real_timestamp":µs,"payload":[{"timestamp":µs,"values":{"alias":value}}]}
//
// - Absent properties are left out: the identity of an anonymous client, connection_id and ip of the control side,
//   an empty payload or hint.
// - data_in, data_out: values by their kind: strings quoted, others unquoted, numbers with their exact text
//   [R40a]. A string that is not UTF-8 is base64, and its report names it: "encodings":{"alias":"base64"}.
// - publish: payload {"topic","payload"}, with "encoding":"base64" if the bytes are not UTF-8.
// - content_in: payload {"id","length","mime"}.
// - disconnect adds "closed_by" and "reason"; a finding adds "rule","code","severity","message","hint" and,
//   if it is about a packet, "packet":{"type","id","topic"}.
// - packet: payload {"direction":"in"|"out","type",…fields (packet_fields.h),"raw":hex}.
// - Names and sentences that are not UTF-8 show U+FFFD for each wrong byte, and the event says "lossy":true.

#include "server/journal/event_codec.h"

#include <cstddef>
#include <string>

namespace journal {

inline constexpr std::size_t default_shown_payload = 64 * 1024;

// Valid JSON for any event; no newline in it. At most `most_payload` bytes of a payload (a message, a packet, all
// values with their aliases) are shown; beyond that the event has "truncated":true and, as "length", the payload's size
// in bytes: of a message or packet as a whole, of reports that of their values' texts.
void append_json(std::string& out, const Recorded& recorded, std::size_t most_payload = default_shown_payload);

}  // namespace journal
