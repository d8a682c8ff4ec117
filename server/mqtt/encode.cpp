#include "server/mqtt/encode.h"

#include "protocol/encoder.h"

namespace mqtt {
namespace {

namespace outgoing = device::outgoing;

struct HeadEncoder {
    std::string& out;

    std::string_view operator()(const outgoing::Connack& packet) const {
        protocol::encode_connack(out, packet.session_present, packet.code);
        return {};
    }
    std::string_view operator()(const outgoing::Puback& packet) const {
        protocol::encode_puback(out, packet.packet_id);
        return {};
    }
    std::string_view operator()(const outgoing::Suback& packet) const {
        protocol::encode_suback(out, packet.packet_id, packet.codes);
        return {};
    }
    std::string_view operator()(const outgoing::Unsuback& packet) const {
        protocol::encode_unsuback(out, packet.packet_id);
        return {};
    }
    std::string_view operator()(const outgoing::Pingresp&) const {
        protocol::encode_pingresp(out);
        return {};
    }
    std::string_view operator()(const outgoing::Publish& packet) const {
        protocol::encode_publish_header(out, packet.topic, packet.payload.size());
        return packet.payload;
    }
};

}  // namespace

std::string_view encode_head(std::string& out, const device::Outgoing& packet) {
    return std::visit(HeadEncoder{out}, packet);
}

void encode(std::string& out, const device::Outgoing& packet) {
    out.append(encode_head(out, packet));
}

}  // namespace mqtt
