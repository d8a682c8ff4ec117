#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/errors.h"
#include "protocol/limits.h"
#include "protocol/utf8_string.h"

namespace protocol {

Result<Unsubscribe, DecodeError> decode_unsubscribe(std::string_view body) {
    ByteReader in(body);
    const auto packet_id = in.u16();
    if (!packet_id) return errors::truncated;
    Unsubscribe unsubscribe;
    unsubscribe.packet_id = *packet_id;
    while (!in.empty()) {
        if (unsubscribe.filters.size() == max_filters_per_packet) return errors::too_many_filters;
        const auto filter = read_text(in, unsubscribe.doubtful_text, errors::truncated);  // [MQTT-3.10.3-1]
        if (!filter.ok()) return filter.error();
        unsubscribe.filters.push_back(filter.value());
    }
    return unsubscribe;
}

}  // namespace protocol
