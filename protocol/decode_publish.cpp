#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/errors.h"
#include "protocol/utf8_string.h"

namespace protocol {

Result<Publish, DecodeError> decode_publish(std::uint8_t first_byte, std::string_view body) noexcept {
    Publish publish;
    publish.dup = (first_byte & 0x08U) != 0;
    publish.qos = static_cast<std::uint8_t>(first_byte >> 1U & 0x03U);
    publish.retain = (first_byte & 0x01U) != 0;
    if (publish.qos == 3) return errors::qos_3;

    ByteReader in(body);
    const auto topic = read_text(in, publish.doubtful_text, errors::truncated);  // [MQTT-3.3.2-1]
    if (!topic.ok()) return topic.error();
    publish.topic = topic.value();
    if (publish.qos > 0) {  // [MQTT-2.3.1-5]
        const auto packet_id = in.u16();
        if (!packet_id) return errors::truncated;
        publish.packet_id = *packet_id;
    }
    publish.payload = in.rest();
    return publish;
}

}  // namespace protocol
