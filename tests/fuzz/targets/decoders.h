#pragma once
// The first byte is the packet's and selects the decoder; the rest is the body. What is read is valid text where text
// is promised, and lies within the body.

#include "protocol/decode.h"
#include "protocol/limits.h"
#include "protocol/topic_filter.h"
#include "protocol/utf8_string.h"
#include "protocol/validate.h"
#include "tests/fuzz/targets/require.h"

#include <string_view>

namespace fuzz {

inline void require_text(std::string_view text) {
    require(protocol::check_text(text) <= protocol::TextQuality::doubtful && text.size() <= 65'535);
}

inline void check_connect(std::string_view body) {
    const auto connect = protocol::decode_connect(body);
    if (!connect.ok() || protocol::validate(connect.value())) return;
    const auto& value = connect.value();
    require(value.level == 4 || value.second_try());  // [R4]
    require(!value.client_id.empty() || value.clean_session);
    require_text(value.client_id);
    if (value.will) require(protocol::valid_topic_name(value.will->topic) && value.will->qos < 3);
    if (value.username) require_text(*value.username);
    require(value.username || !value.password);
}

inline void check_publish(std::uint8_t first_byte, std::string_view body) {
    const auto publish = protocol::decode_publish(first_byte, body);
    if (!publish.ok() || protocol::validate(publish.value())) return;
    const auto& value = publish.value();
    require(protocol::valid_topic_name(value.topic) && value.qos < 3);
    require((value.qos > 0) == (value.packet_id > 0));
    require(value.topic.size() + value.payload.size() + 2 + (value.qos > 0 ? 2 : 0) == body.size());
}

inline void check_subscriptions(std::string_view body) {
    const auto subscribe = protocol::decode_subscribe(body);
    if (subscribe.ok() && !protocol::validate(subscribe.value())) {
        for (const auto& wanted : subscribe.value().filters) require(protocol::valid_topic_filter(wanted.filter));
    }
    const auto unsubscribe = protocol::decode_unsubscribe(body);
    if (unsubscribe.ok() && !protocol::validate(unsubscribe.value())) {
        for (const auto filter : unsubscribe.value().filters) require(protocol::valid_topic_filter(filter));
    }
}

inline void decoders(std::string_view bytes) {
    if (bytes.empty()) return;
    const auto first_byte = static_cast<std::uint8_t>(bytes.front());
    const std::string_view body = bytes.substr(1);
    switch (protocol::packet_type(first_byte)) {
        case protocol::PacketType::connect:
            return check_connect(body);
        case protocol::PacketType::publish:
            return check_publish(first_byte, body);
        case protocol::PacketType::puback:
            return require(protocol::decode_ack(body).ok() == (body.size() == 2));
        case protocol::PacketType::pingreq:
            return require(protocol::decode_empty(body).ok() == body.empty());
        default:
            return check_subscriptions(body);
    }
}

}  // namespace fuzz
