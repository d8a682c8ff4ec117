#include "tests/support/world/device.h"

#include "tests/support/world/world.h"

#include <doctest/doctest.h>

namespace test {

Device::Device(World& world, device::PeerFacts facts)
    : world_(world),
      facts_(std::move(facts)),
      opened_(world.ground.real.steady),
      session_(*this, facts_, world.sessions()) {}

mqtt::Wire::TimePoint Device::now() const {
    return world_.ground.real.steady;
}

void Device::send(std::string_view packets) {
    REQUIRE_FALSE(closed_);
    session_.on_bytes(packets);
    world_.turn();
}

void Device::publish(std::string_view topic, std::string_view payload) {
    send(publish_packet(topic, payload));
}

void Device::publish(std::string_view topic, std::string_view payload, std::uint16_t packet_id) {
    send(publish_packet(topic, payload, 2, packet_id));
}

void Device::subscribe(std::uint16_t packet_id, const std::vector<std::string>& filters) {
    std::vector<std::pair<std::string, unsigned>> wanted;
    for (const auto& filter : filters) wanted.emplace_back(filter, 0U);
    send(subscribe_packet(packet_id, wanted));
}

void Device::unsubscribe(std::uint16_t packet_id, const std::vector<std::string>& filters) {
    send(unsubscribe_packet(packet_id, filters));
}

void Device::vanish(device::CloseReason reason) {
    closed_ = true;
    outbox_.discard();
    session_.on_closed(reason);
    world_.turn();
}

std::string Device::next_packet() {
    world_.turn();
    if (arrived_.empty()) return {};
    std::size_t length = 0, at = 1;
    for (unsigned shift = 0;; ++at, shift += 7) {
        REQUIRE(at < arrived_.size());
        const auto byte = static_cast<unsigned char>(arrived_[at]);
        length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    const auto size = at + 1 + length;
    REQUIRE(arrived_.size() >= size);
    auto packet = arrived_.substr(0, size);
    arrived_.erase(0, size);
    return packet;
}

void Device::expect_bytes(std::string_view hex) {
    CHECK(to_hex(next_packet()) == to_hex(from_hex(hex)));
}

void Device::expect_connack(unsigned code, bool session_present) {
    CHECK(to_hex(next_packet()) == to_hex(packet(0x20, u8(session_present ? 1 : 0) + u8(code))));
    CHECK_FALSE((code == 0 && closed_));
}

void Device::expect_puback(std::uint16_t packet_id) {
    CHECK(to_hex(next_packet()) == to_hex(packet(0x40, u16(packet_id))));
}

void Device::expect_suback(std::uint16_t packet_id, const std::vector<unsigned>& codes) {
    std::string body = u16(packet_id);
    for (const auto code : codes) body += u8(code);
    CHECK(to_hex(next_packet()) == to_hex(packet(0x90, body)));
}

void Device::expect_unsuback(std::uint16_t packet_id) {
    CHECK(to_hex(next_packet()) == to_hex(packet(0xB0, u16(packet_id))));
}

void Device::expect_pingresp() {
    CHECK(to_hex(next_packet()) == to_hex(packet(0xD0, "")));
}

void Device::expect_publish(std::string_view topic, std::string_view payload) {
    CHECK(to_hex(next_packet()) == to_hex(publish_packet(topic, payload)));
}

std::string Device::expect_publish(std::string_view topic) {
    const auto got = next_packet();
    const auto head = str(topic);
    const auto at = got.find(head);
    REQUIRE_MESSAGE((!got.empty() && got.front() == '\x30' && at != std::string::npos), "got " << to_hex(got));
    return got.substr(at + head.size());
}

std::string Device::expect_value(std::string_view alias, std::string_view payload) {
    const auto got = next_packet();
    const auto topic = "$resource/" + std::string(alias) + "/";
    const auto at = got.find(topic);
    REQUIRE_MESSAGE((!got.empty() && got.front() == '\x30' && at != std::string::npos), "got " << to_hex(got));
    const auto rest = got.substr(at + topic.size());
    const auto digits = rest.find_first_not_of("0123456789");
    CHECK(rest.substr(std::min(rest.size(), std::size_t{16})) == payload);
    return rest.substr(0, std::min(digits, std::size_t{16}));
}

void Device::expect_nothing() {
    CHECK(to_hex(next_packet()).empty());
    CHECK_FALSE(closed_);
}

void Device::expect_closed(device::CloseReason reason) {
    world_.turn();
    CHECK(to_hex(arrived_).empty());
    CHECK(closed_);
    CHECK(reason_ == reason);
}

void Device::expect_closed(mqtt::Ending ending) {
    world_.turn();
    CHECK(to_hex(arrived_).empty());
    CHECK(ending_ == ending);
}

void Device::flush() {
    if (!reading) return;
    const auto bytes = outbox_.sendable(world_.commits().committed());
    arrived_.append(bytes);
    if (!bytes.empty()) outbox_.sent(bytes.size());
}

void Device::commit_failed() {
    if (closed_) return;
    outbox_.discard_gated(world_.commits().committed_before_failure(), world_.commits().committed());
    flush();
    closed_ = true;
    reason_ = device::CloseReason::commit_failed;
    outbox_.discard();
    session_.on_closed(device::CloseReason::commit_failed);
}

void Device::time_passed() {
    if (!closed_ && wake_at_ && *wake_at_ <= now()) {
        wake_at_.reset();
        session_.on_wake();
    }
    const auto deadline = session_.deadline();
    if (closed_ || !deadline || *deadline > now()) return;
    reason_ = session_.deadline_reason();
    vanish(*reason_);
}

void Device::send(std::string_view head, std::string_view body, device::Gate gate) {
    CHECK_FALSE(closed_);
    traffic_.bytes_out += head.size() + body.size();
    outbox_.append(head, gate);
    if (!body.empty()) outbox_.append(body, gate);
}

// As net does it.
void Device::close(device::CloseReason reason) {
    CHECK_FALSE(closed_);
    closed_ = true;
    reason_ = reason;
    session_.on_closed(reason);
}

void Device::end(mqtt::Ending ending) {
    ending_ = ending;
    if (ending != mqtt::Ending::half) close(device::CloseReason::fault);
}

}  // namespace test
