#include "protocol/byte_reader.h"
#include "protocol/decode.h"
#include "protocol/errors.h"
#include "protocol/utf8_string.h"

#include <optional>

namespace protocol {
namespace {

constexpr std::uint8_t clean_session_flag = 0x02;
constexpr std::uint8_t will_flag = 0x04;
constexpr std::uint8_t will_retain_flag = 0x20;
constexpr std::uint8_t password_flag = 0x40;
constexpr std::uint8_t username_flag = 0x80;

// Each step fills its part of the packet; nullopt: well done.
using Step = std::optional<DecodeError>;

Step read_text_field(ByteReader& in, Connect& connect, std::string_view& field) {
    const auto text = read_text(in, connect.doubtful_text, errors::connect_truncated);
    if (!text.ok()) return text.error();
    field = text.value();
    return std::nullopt;
}

Step read_binary_field(ByteReader& in, std::string_view& field) {
    const auto bytes = in.binary();
    if (!bytes) return errors::connect_truncated;
    field = *bytes;
    return std::nullopt;
}

Step read_protocol(ByteReader& in, Connect& connect) {
    if (auto error = read_text_field(in, connect, connect.protocol_name)) return error;
    const auto level = in.u8();
    if (!level) return errors::connect_truncated;
    connect.level = *level;
    return std::nullopt;
}

Step read_variable_header(ByteReader& in, Connect& connect) {
    const auto flags = in.u8();
    const auto keep_alive = in.u16();
    if (!flags || !keep_alive) return errors::connect_truncated;
    connect.flags = *flags;
    connect.clean_session = (*flags & clean_session_flag) != 0;
    connect.keep_alive_s = *keep_alive;
    return std::nullopt;
}

// [MQTT-3.1.2-9]
Step read_will(ByteReader& in, Connect& connect) {
    if ((connect.flags & will_flag) == 0) return std::nullopt;
    Will will;
    will.qos = static_cast<std::uint8_t>(connect.flags >> 3U & 0x03U);
    will.retain = (connect.flags & will_retain_flag) != 0;
    if (auto error = read_text_field(in, connect, will.topic)) return error;
    if (auto error = read_binary_field(in, will.payload)) return error;
    connect.will = will;
    return std::nullopt;
}

// [MQTT-3.1.2-18] .. [MQTT-3.1.2-21]
Step read_credentials(ByteReader& in, Connect& connect) {
    std::string_view field;
    if ((connect.flags & username_flag) != 0) {
        if (auto error = read_text_field(in, connect, field)) return error;
        connect.username = field;
    }
    if ((connect.flags & password_flag) != 0) {
        if (auto error = read_binary_field(in, field)) return error;
        connect.password = field;
    }
    return std::nullopt;
}

}  // namespace

Result<Connect, DecodeError> decode_connect(std::string_view body) {
    ByteReader in(body);
    Connect connect;
    if (auto error = read_protocol(in, connect)) return *error;
    if (!connect.second_try() && (connect.protocol_name != "MQTT" || connect.level != 4)) return connect;
    if (auto error = read_variable_header(in, connect)) return *error;
    // [MQTT-3.1.3-1]: the order of the payload
    if (auto error = read_text_field(in, connect, connect.client_id)) return *error;
    if (auto error = read_will(in, connect)) return *error;
    if (auto error = read_credentials(in, connect)) return *error;
    if (!in.empty()) return errors::connect_trailing_bytes;
    return connect;
}

}  // namespace protocol
