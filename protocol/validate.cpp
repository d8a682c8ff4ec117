#include "protocol/validate.h"

#include "protocol/errors.h"
#include "protocol/topic_filter.h"

namespace protocol {
namespace {

using Verdict = std::optional<DecodeError>;

Verdict check_protocol(const Connect& connect) noexcept {
    if (connect.second_try()) return std::nullopt;                          // [R4] its credentials decide the code
    if (connect.protocol_name != "MQTT") return errors::bad_protocol_name;  // [MQTT-3.1.2-1]
    if (connect.level == 5) return errors::mqtt5;                           // [MQTT-3.1.2-2]
    if (connect.level != 4) return errors::bad_protocol_level;              // [MQTT-3.1.2-2]
    return std::nullopt;
}

Verdict check_connect_flags(std::uint8_t flags) noexcept {
    const bool will = (flags & 0x04U) != 0;
    const unsigned will_qos = flags >> 3U & 0x03U;
    if ((flags & 0x01U) != 0) return errors::reserved_connect_flag;              // [MQTT-3.1.2-3]
    if (!will && will_qos != 0) return errors::will_qos_without_will;            // [MQTT-3.1.2-13]
    if (!will && (flags & 0x20U) != 0) return errors::will_retain_without_will;  // [MQTT-3.1.2-15]
    if (will_qos == 3) return errors::will_qos_3;                                // [MQTT-3.1.2-14]
    if ((flags & 0xC0U) == 0x40U) return errors::password_without_username;      // [MQTT-3.1.2-22]
    return std::nullopt;
}

Verdict check_will(const Will& will) noexcept {
    if (will.topic.empty()) return errors::empty_will_topic;              // [MQTT-4.7.3-1]
    if (has_wildcard(will.topic)) return errors::wildcard_in_will_topic;  // [MQTT-4.7.1-1]
    return std::nullopt;
}

Verdict check_filter(std::string_view filter) noexcept {
    if (filter.empty()) return errors::empty_filter;  // [MQTT-4.7.3-1]
    switch (check_wildcards(filter)) {
        case FilterFault::misplaced_hash:
            return errors::misplaced_hash;  // [MQTT-4.7.1-2]
        case FilterFault::misplaced_plus:
            return errors::misplaced_plus;  // [MQTT-4.7.1-3]
        case FilterFault::none:
        case FilterFault::bad_text:  // the decoder has seen to it
            break;
    }
    return std::nullopt;
}

}  // namespace

Verdict validate(const Connect& connect) noexcept {
    if (auto error = check_protocol(connect)) return error;
    if (auto error = check_connect_flags(connect.flags)) return error;
    if (connect.will) {
        if (auto error = check_will(*connect.will)) return error;
    }
    // [MQTT-3.1.3-7], [MQTT-3.1.3-8]
    if (connect.client_id.empty() && !connect.clean_session) return errors::empty_client_id;
    return std::nullopt;
}

Verdict validate(const Publish& publish) noexcept {
    if (publish.dup && publish.qos == 0) return errors::dup_with_qos_0;            // [R28], [MQTT-3.3.1-2]
    if (publish.topic.empty()) return errors::empty_topic;                         // [MQTT-4.7.3-1]
    if (has_wildcard(publish.topic)) return errors::wildcard_in_topic;             // [MQTT-3.3.2-2]
    if (publish.qos > 0 && publish.packet_id == 0) return errors::zero_packet_id;  // [MQTT-2.3.1-1]
    return std::nullopt;
}

Verdict validate(const Subscribe& subscribe) noexcept {
    if (subscribe.packet_id == 0) return errors::zero_packet_id;        // [MQTT-2.3.1-1]
    if (subscribe.filters.empty()) return errors::no_subscribe_filter;  // [MQTT-3.8.3-3]
    for (const auto& wanted : subscribe.filters) {
        if (auto error = check_filter(wanted.filter)) return error;
        if (wanted.qos > 2) return errors::bad_requested_qos;  // [MQTT-3.8.3-4]
    }
    return std::nullopt;
}

Verdict validate(const Unsubscribe& unsubscribe) noexcept {
    if (unsubscribe.packet_id == 0) return errors::zero_packet_id;          // [MQTT-2.3.1-1]
    if (unsubscribe.filters.empty()) return errors::no_unsubscribe_filter;  // [MQTT-3.10.3-2]
    for (const auto& filter : unsubscribe.filters) {
        if (auto error = check_filter(filter)) return error;
    }
    return std::nullopt;
}

}  // namespace protocol
