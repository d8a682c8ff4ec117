#include "protocol/server_connection.h"

#include "protocol/decode.h"
#include "protocol/describe.h"
#include "protocol/errors.h"
#include "protocol/validate.h"

#include <utility>

namespace protocol {

Action ServerConnection::next(std::string_view& input, TimePoint now) {
    if (state_ == ConnectionState::authenticating) return NeedMore{};
    last_packet_ = {};
    const auto first_byte = splitter_.peek(input);
    if (state_ == ConnectionState::closing) {
        splitter_.release();
        input = {};
        return NeedMore{};
    }
    if (!first_byte) return NeedMore{};
    if (const auto* error = check_first_byte(state_, *first_byte)) return illegal(*error, input);

    const std::string_view before = input;
    const SplitResult result = splitter_.next(input);
    if (const auto* frame = std::get_if<Frame>(&result)) return handle(*frame, now);
    if (const auto* error = std::get_if<DecodeError>(&result)) return violation(*error, seen_of_packet(before));
    return NeedMore{};
}

void ServerConnection::accepted(std::uint16_t keep_alive_s, bool anonymous) noexcept {
    if (state_ != ConnectionState::authenticating) return;
    state_ = ConnectionState::connected;
    splitter_.set_max_packet_bytes(anonymous ? limits_.anonymous_max_packet_bytes : limits_.max_packet_bytes);
    keep_alive_.start(keep_alive_s, last_packet_at_);
}

void ServerConnection::refused() noexcept {
    if (state_ == ConnectionState::authenticating) state_ = ConnectionState::closing;
}

void ServerConnection::ignore_last() noexcept {
    keep_alive_.untouch();
    state_ = state_ == ConnectionState::authenticating ? ConnectionState::closing : ConnectionState::connected;
}

void ServerConnection::close() noexcept {
    state_ = ConnectionState::closing;
}

Action ServerConnection::handle(const Frame& frame, TimePoint now) {
    last_packet_ = frame.raw;
    last_packet_at_ = now;
    keep_alive_.touch(now);
    switch (packet_type(frame.first_byte)) {
        case PacketType::connect:
            return on_connect(frame);
        case PacketType::publish:
            return on_publish(frame);
        case PacketType::subscribe:
            return on_subscribe(frame);
        case PacketType::unsubscribe:
            return on_unsubscribe(frame);
        case PacketType::puback:
            return on_puback(frame);
        case PacketType::disconnect:
            return on_disconnect(frame);
        default:  // the table lets no other type through
            return on_pingreq(frame);
    }
}

Action ServerConnection::on_connect(const Frame& frame) {
    const auto connect = decode_connect(frame.body);
    if (!connect.ok()) return violation(connect.error(), frame.raw);
    if (const auto error = validate(connect.value())) return violation(*error, frame.raw);
    state_ = ConnectionState::authenticating;
    return ConnectRequest{connect.value()};
}

Action ServerConnection::on_publish(const Frame& frame) {
    const auto publish = decode_publish(frame.first_byte, frame.body);
    if (!publish.ok()) return violation(publish.error(), frame.raw);
    if (const auto error = validate(publish.value())) return violation(*error, frame.raw);
    return PublishRequest{publish.value()};
}

Action ServerConnection::on_subscribe(const Frame& frame) {
    auto subscribe = decode_subscribe(frame.body);
    if (!subscribe.ok()) return violation(subscribe.error(), frame.raw);
    if (const auto error = validate(subscribe.value())) return violation(*error, frame.raw);
    return SubscribeRequest{std::move(subscribe).value()};
}

Action ServerConnection::on_unsubscribe(const Frame& frame) {
    auto unsubscribe = decode_unsubscribe(frame.body);
    if (!unsubscribe.ok()) return violation(unsubscribe.error(), frame.raw);
    if (const auto error = validate(unsubscribe.value())) return violation(*error, frame.raw);
    return UnsubscribeRequest{std::move(unsubscribe).value()};
}

Action ServerConnection::on_puback(const Frame& frame) {
    const auto packet_id = decode_ack(frame.body);
    if (!packet_id.ok()) return violation(packet_id.error(), frame.raw);
    if (packet_id.value() == 0) return violation(errors::zero_packet_id, frame.raw);  // [R29]
    return IgnoredPuback{packet_id.value()};
}

Action ServerConnection::on_pingreq(const Frame& frame) {
    const auto empty = decode_empty(frame.body);
    if (!empty.ok()) return violation(empty.error(), frame.raw);
    return PingRequest{};
}

Action ServerConnection::on_disconnect(const Frame& frame) {
    const auto empty = decode_empty(frame.body);
    if (!empty.ok()) return violation(empty.error(), frame.raw);
    state_ = ConnectionState::closing;
    return DisconnectRequest{};
}

// The packet is out of place whatever it holds. If it has come whole, its packet id goes into the finding.
Action ServerConnection::illegal(const DecodeError& error, std::string_view& input) {
    const std::string_view before = input;
    const SplitResult result = splitter_.next(input);
    if (const auto* frame = std::get_if<Frame>(&result)) return violation(error, frame->raw);
    return violation(error, seen_of_packet(before));
}

// Of a packet that did not come whole. Of one that stands in the input, the header: what follows may not be its own.
std::string_view ServerConnection::seen_of_packet(std::string_view input) const noexcept {
    return splitter_.pending().empty() ? input.substr(0, 5) : splitter_.pending();
}

Violation ServerConnection::violation(const DecodeError& error, std::string_view packet) {
    state_ = ConnectionState::closing;
    last_packet_ = packet;
    const PacketDescription known = describe_packet(packet);
    return {error.code, error.message, error.hint, known.type, known.packet_id, known.topic, error.connack};
}

}  // namespace protocol
