#include "server/pcap/capture.h"

#include <algorithm>

namespace pcap {
namespace {

constexpr std::uint16_t mqtt_port = 1883;  // the one that Wireshark reads as MQTT without being told
constexpr std::uint16_t first_port = 10'000;
constexpr std::uint16_t last_port = 65'535;

// What the server's own address was, no event tells: the device's for a loopback connection, else one of the range for
// documentation. [RFC 5737, RFC 3849]
Address server_address(const Address& device) {
    if (device.is_loopback()) return device;
    return address_of(device.v6 ? "2001:db8::1" : "192.0.2.1");
}

bool is_connect(const Packet& packet) {
    return packet.direction == Direction::inbound && !packet.bytes.empty() &&
           static_cast<unsigned char>(packet.bytes.front()) == 0x10;
}

// The server closes behind it. [MQTT-3.2.2-5]
bool is_refusal(const Packet& packet) {
    return packet.direction == Direction::outbound && packet.bytes.size() == 4 && packet.bytes[0] == 0x20 &&
           packet.bytes[3] != 0;
}

// Sends a segment from one side of a stream and moves its sequence number.
template <typename Side>
void send(std::string& out, Side& from, const Side& to, Segment segment, Frame frame) {
    segment.from = from.endpoint;
    segment.to = to.endpoint;
    segment.sequence = from.next;
    segment.acknowledged = to.next;
    const auto bytes = ip_packet(segment);
    frame.bytes = bytes;
    frame.whole_bytes = ip_packet_size(segment);
    append_frame(out, frame);
    const bool takes_number = segment.flags.syn || segment.flags.fin;
    from.next += static_cast<std::uint32_t>(segment.data_size) + (takes_number ? 1U : 0U);
}

std::string cut_comment(const Packet& packet) {
    return "The journal has " + std::to_string(packet.bytes.size()) + " of the " + std::to_string(packet.length) +
           " bytes of this packet.";
}

}  // namespace

void Capture::packet(std::string& out, const Packet& packet) {
    ++counts_.packets;
    std::string comment;
    if (packet.bytes.size() < packet.length) {
        ++counts_.cut;
        comment = cut_comment(packet);
    }
    auto& stream = stream_of(out, packet, comment);
    data(out, stream, packet, comment);
    if (is_refusal(packet)) end(out, {packet.connection, packet.time_us, "server", "CONNECT refused"});
}

void Capture::end(std::string& out, const End& end) {
    const auto found = by_connection_.find(end.connection);
    if (found != by_connection_.end()) close(out, found->second, end);
}

Capture::Stream& Capture::stream_of(std::string& out, const Packet& packet, std::string& comment) {
    if (const auto found = by_connection_.find(packet.connection); found != by_connection_.end()) {
        streams_.splice(streams_.end(), streams_, found->second);
        return *found->second;
    }
    auto& stream = add_stream(packet);
    ++counts_.connections;
    if (is_connect(packet)) {
        handshake(out, stream, packet.time_us, packet.about);
    } else {
        comment.insert(0, comment.empty() ? "" : " ");
        comment.insert(0, "The journal has no CONNECT of this connection: " + std::string(packet.about) + ".");
    }
    return stream;
}

Capture::Stream& Capture::add_stream(const Packet& packet) {
    if (streams_.size() >= most_) {
        by_connection_.erase(streams_.front().connection);
        streams_.pop_front();
    }
    const auto address = address_of(packet.ip);
    const auto port = static_cast<std::uint16_t>(first_port + begun_ % (last_port - first_port + 1U));
    const std::uint32_t first = ++begun_ << 10U;  // another one when a port comes round again
    auto& stream = streams_.emplace_back(Stream{
        std::string(packet.connection), {{address, port}, first}, {{server_address(address), mqtt_port}, first + 512}});
    by_connection_.emplace(stream.connection, std::prev(streams_.end()));
    return stream;
}

void Capture::handshake(std::string& out, Stream& stream, std::int64_t time_us, std::string_view comment) {
    auto& [connection, device, server] = stream;
    send(out, device, server, {.flags = {.syn = true}}, {.time_us = time_us, .comment = comment});
    send(out, server, device, {.flags = {.syn = true, .ack = true}},
         {.time_us = time_us, .direction = Direction::outbound});
    send(out, device, server, {.flags = {.ack = true}}, {.time_us = time_us});
}

void Capture::data(std::string& out, Stream& stream, const Packet& packet, std::string_view comment) {
    const bool from_device = packet.direction == Direction::inbound;
    auto& from = from_device ? stream.device : stream.server;
    auto& to = from_device ? stream.server : stream.device;
    const auto length = std::max<std::uint64_t>(packet.length, packet.bytes.size());
    for (std::uint64_t at = 0; at < length; at += most_segment_data) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(length - at, most_segment_data));
        const auto kept =
            at < packet.bytes.size() ? packet.bytes.substr(static_cast<std::size_t>(at), size) : std::string_view();
        const bool last = at + size == length;
        if (kept.empty()) {  // nothing of it was kept: a gap, which Wireshark names
            from.next += static_cast<std::uint32_t>(size);
            continue;
        }
        send(out, from, to, {.flags = {.ack = true, .push = last}, .data = kept, .data_size = size},
             {.time_us = packet.time_us,
              .direction = packet.direction,
              .comment = at == 0 ? comment : std::string_view()});
    }
}

void Capture::close(std::string& out, Streams::iterator stream, const End& end) {
    const bool by_device = end.closed_by == "device" || end.closed_by == "network";
    const auto there = by_device ? Direction::inbound : Direction::outbound;
    const auto back = by_device ? Direction::outbound : Direction::inbound;
    auto& first = by_device ? stream->device : stream->server;
    auto& second = by_device ? stream->server : stream->device;
    const auto comment = "Closed by " + std::string(end.closed_by) + ": " + std::string(end.reason);
    if (end.closed_by == "network") {
        send(out, first, second, {.flags = {.ack = true, .reset = true}},
             {.time_us = end.time_us, .direction = there, .comment = comment});
    } else {
        send(out, first, second, {.flags = {.ack = true, .fin = true}},
             {.time_us = end.time_us, .direction = there, .comment = comment});
        send(out, second, first, {.flags = {.ack = true, .fin = true}}, {.time_us = end.time_us, .direction = back});
        send(out, first, second, {.flags = {.ack = true}}, {.time_us = end.time_us, .direction = there});
    }
    by_connection_.erase(stream->connection);
    streams_.erase(stream);
}

}  // namespace pcap
