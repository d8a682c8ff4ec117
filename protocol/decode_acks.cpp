#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/errors.h"

namespace protocol {

Result<std::uint16_t, DecodeError> decode_ack(std::string_view body) noexcept {
    ByteReader in(body);
    const auto packet_id = in.u16();
    if (!packet_id) return errors::truncated;
    if (!in.empty()) return errors::trailing_bytes;
    return *packet_id;
}

Result<EmptyBody, DecodeError> decode_empty(std::string_view body) noexcept {
    if (!body.empty()) return errors::trailing_bytes;
    return EmptyBody{};
}

}  // namespace protocol
