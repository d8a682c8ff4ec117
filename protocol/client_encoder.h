#pragma once
// Encodes a client's packets, appended to a string that the caller owns and reuses. Checks nothing, so that clients
// that break rules on purpose can use it. Preconditions: strings of at most 65,535 bytes, packets within
// largest_publish (encoder.h).

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace protocol {

struct ConnectFields {
    std::string_view client_id;
    bool clean_session = true;
    std::uint16_t keep_alive_s = 0;
    std::optional<std::string_view> username = {};
    std::optional<std::string_view> password = {};  // only with a user name [MQTT-3.1.2-22]
    std::uint8_t level = 4;                         // of the protocol: 4 is MQTT 3.1.1
};
void encode_connect(std::string& out, const ConnectFields& fields);

struct PublishFlags {
    std::uint8_t qos = 0;
    bool dup = false;
    bool retain = false;
};
// `packet_id` is left out with QoS 0 [MQTT-2.3.1-5].
void encode_client_publish(std::string& out, std::string_view topic, std::string_view payload, PublishFlags flags,
                           std::uint16_t packet_id);

// One filter, QoS 0.
void encode_subscribe(std::string& out, std::uint16_t packet_id, std::string_view filter);
void encode_pubrec(std::string& out, std::uint16_t packet_id);
void encode_pingreq(std::string& out);
void encode_disconnect(std::string& out);

}  // namespace protocol
