#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/errors.h"
#include "protocol/limits.h"
#include "protocol/utf8_string.h"

namespace protocol {

Result<Subscribe, DecodeError> decode_subscribe(std::string_view body) {
    ByteReader in(body);
    const auto packet_id = in.u16();
    if (!packet_id) return errors::truncated;
    Subscribe subscribe;
    subscribe.packet_id = *packet_id;
    while (!in.empty()) {
        if (subscribe.filters.size() == max_filters_per_packet) return errors::too_many_filters;
        const auto filter = read_text(in, subscribe.doubtful_text, errors::truncated);  // [MQTT-3.8.3-1]
        if (!filter.ok()) return filter.error();
        const auto qos = in.u8();
        if (!qos) return errors::truncated;
        subscribe.filters.push_back({filter.value(), *qos});
    }
    return subscribe;
}

}  // namespace protocol
