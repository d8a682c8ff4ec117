#pragma once
// A client's packets as values. Every string_view points into the decoded bytes and is valid as long as they are.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace protocol {

enum class PacketType : std::uint8_t {
    reserved_0 = 0,
    connect = 1,
    connack = 2,
    publish = 3,
    puback = 4,
    pubrec = 5,
    pubrel = 6,
    pubcomp = 7,
    subscribe = 8,
    suback = 9,
    unsubscribe = 10,
    unsuback = 11,
    pingreq = 12,
    pingresp = 13,
    disconnect = 14,
    reserved_15 = 15,
};

enum class ConnackCode : std::uint8_t {
    accepted = 0,
    unacceptable_protocol = 1,
    identifier_rejected = 2,
    server_unavailable = 3,
    bad_credentials = 4,
    not_authorized = 5,
};

// SUBACK return codes: QoS 0 granted (the only one that Murano grants [R32]) or failure.
inline constexpr std::uint8_t suback_granted = 0x00;
inline constexpr std::uint8_t suback_failure = 0x80;

constexpr PacketType packet_type(std::uint8_t first_byte) noexcept {
    return static_cast<PacketType>(first_byte >> 4);
}

// "PUBLISH"; "RESERVED" for the types 0 and 15. Static storage.
std::string_view packet_name(PacketType type) noexcept;

struct Will {
    std::string_view topic;
    std::string_view payload;  // any bytes, 0..65535
    std::uint8_t qos = 0;
    bool retain = false;
};

// doubtful_text, here and below: a string of the packet contains control characters or non-characters [R5].
struct Connect {
    std::string_view protocol_name;
    std::uint8_t level = 0;
    // With a name other than "MQTT" or a level other than 4, nothing after the level is read and all below is unset,
    // except for a second try, which is read whole.
    std::uint8_t flags = 0;  // as on the wire, for validate()
    bool clean_session = false;
    std::uint16_t keep_alive_s = 0;
    std::string_view client_id;
    std::optional<Will> will;
    std::optional<std::string_view> username;
    std::optional<std::string_view> password;  // any bytes, 0..65535
    bool doubtful_text = false;

    // MQTT 3.1, which Paho C and C++ try after any refusal. [R4]
    bool second_try() const noexcept { return protocol_name == "MQIsdp" && level == 3; }
};

struct Publish {
    bool dup = false;
    std::uint8_t qos = 0;
    bool retain = false;
    std::string_view topic;
    std::uint16_t packet_id = 0;  // 0 with QoS 0 [MQTT-2.3.1-5]
    std::string_view payload;     // any bytes
    bool doubtful_text = false;
};

struct Subscription {
    std::string_view filter;
    std::uint8_t qos = 0;  // as requested
};

struct Subscribe {
    std::uint16_t packet_id = 0;
    std::vector<Subscription> filters;
    bool doubtful_text = false;
};

struct Unsubscribe {
    std::uint16_t packet_id = 0;
    std::vector<std::string_view> filters;
    bool doubtful_text = false;
};

}  // namespace protocol
