#include "tests/bench/load/wire.h"

#include "protocol/byte_writer.h"

namespace load {
namespace {

constexpr std::uint16_t subscribe_id = 65'535;  // never that of a PUBLISH

void append_publish_head(std::string& out, std::string_view topic, std::size_t payload_size, unsigned qos,
                         std::uint16_t id) {
    protocol::ByteWriter writer(out);
    writer.u8(static_cast<std::uint8_t>(0x30U | (qos << 1U)));
    writer.remaining_length(static_cast<std::uint32_t>(2 + topic.size() + (qos > 0 ? 2 : 0) + payload_size));
    writer.binary(topic);
    if (qos > 0) writer.u16(id);
}

}  // namespace

void append_connect(std::string& out, const Credentials& who) {
    const bool named = !who.password.empty();
    protocol::ByteWriter writer(out);
    const std::size_t body =
        10 + 2 + who.client_id.size() + (named ? 4 + who.username.size() + who.password.size() : 0);
    writer.u8(0x10);
    writer.remaining_length(static_cast<std::uint32_t>(body));
    writer.binary("MQTT");
    writer.u8(4);
    writer.u8(named ? 0xC2 : 0x02);  // Clean Session
    writer.u16(0);                   // no Keep Alive: idle connections stay idle
    writer.binary(who.client_id);
    if (!named) return;
    writer.binary(who.username);
    writer.binary(who.password);
}

void append_subscribe(std::string& out, std::string_view filter) {
    protocol::ByteWriter writer(out);
    writer.u8(0x82);
    writer.remaining_length(static_cast<std::uint32_t>(2 + 2 + filter.size() + 1));
    writer.u16(subscribe_id);
    writer.binary(filter);
    writer.u8(0);
}

void append_pingreq(std::string& out) {
    out.append("\xC0\x00", 2);
}
void append_disconnect(std::string& out) {
    out.append("\xE0\x00", 2);
}

void append_publish(std::string& out, std::string_view topic, std::string_view payload, unsigned qos,
                    std::uint16_t id) {
    append_publish_head(out, topic, payload.size(), qos, id);
    out.append(payload);
}

PublishTemplate::PublishTemplate(std::string_view topic, std::string_view payload, unsigned qos, bool numbered)
    : payload_at_(0), qos1_(qos > 0), numbered_(numbered && payload.size() >= digits) {
    append_publish_head(bytes_, topic, payload.size(), qos, 0);
    payload_at_ = bytes_.size();
    bytes_.append(payload);
}

void PublishTemplate::append_to(std::string& out, std::uint16_t packet_id, std::uint64_t number) const {
    const std::size_t begin = out.size();
    out.append(bytes_);
    if (qos1_) {
        out[begin + payload_at_ - 2] = static_cast<char>(packet_id >> 8U);
        out[begin + payload_at_ - 1] = static_cast<char>(packet_id & 0xFFU);
    }
    if (!numbered_) return;
    for (std::size_t at = begin + payload_at_ + digits; at-- > begin + payload_at_; number /= 10)
        out[at] = static_cast<char>('0' + number % 10);
}

}  // namespace load
