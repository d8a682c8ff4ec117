#include "protocol/decode_answers.h"

#include "protocol/byte_reader.h"
#include "protocol/errors.h"
#include "protocol/packets.h"

#include <algorithm>

namespace protocol {
namespace {

constexpr DecodeError reserved_connack{"MQTT-3.2.2-6",
                                       "CONNACK has a reserved flag or a reserved return code.",
                                       "The server does not speak MQTT 3.1.1.",
                                       {}};
constexpr DecodeError reserved_suback{
    "MQTT-3.9.3-2", "SUBACK has a reserved return code.", "The server does not speak MQTT 3.1.1.", {}};

bool is_suback_code(char code) {
    return static_cast<unsigned char>(code) <= 2 || static_cast<unsigned char>(code) == suback_failure;
}

}  // namespace

Result<Connack, DecodeError> decode_connack(std::string_view body) noexcept {
    ByteReader in(body);
    const auto flags = in.u8();
    const auto code = in.u8();
    if (!flags || !code) return errors::truncated;
    if (!in.empty()) return errors::trailing_bytes;
    if (*flags > 1 || *code > static_cast<std::uint8_t>(ConnackCode::not_authorized)) return reserved_connack;
    return Connack{*flags == 1, *code};
}

Result<Suback, DecodeError> decode_suback(std::string_view body) noexcept {
    ByteReader in(body);
    const auto packet_id = in.u16();
    if (!packet_id || in.empty()) return errors::truncated;
    if (!std::all_of(in.rest().begin(), in.rest().end(), is_suback_code)) return reserved_suback;
    return Suback{*packet_id, in.rest()};
}

}  // namespace protocol
