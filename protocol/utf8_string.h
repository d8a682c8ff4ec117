#pragma once
// Text as MQTT defines it [MQTT 1.5.3].

#include "protocol/byte_reader.h"
#include "protocol/decode_error.h"
#include "protocol/result.h"

#include <cstdint>
#include <string_view>

namespace protocol {

// From best to worst; check_text returns the worst in the text.
enum class TextQuality : std::uint8_t {
    good,
    doubtful,        // control characters or non-characters: the standard allows closing, Murano does not close [R5]
    null_character,  // U+0000 [MQTT-1.5.3-2]
    ill_formed,      // not UTF-8: overlong, surrogate, above U+10FFFF, cut off [MQTT-1.5.3-1]
};

TextQuality check_text(std::string_view text) noexcept;

// A two-byte length and text of quality good or doubtful; sets `doubtful` for the latter, else leaves it unchanged.
// `truncated`: the error if the bytes end too early. Byte order marks are kept [MQTT-1.5.3-3].
Result<std::string_view, DecodeError> read_text(ByteReader& in, bool& doubtful, const DecodeError& truncated) noexcept;

}  // namespace protocol
