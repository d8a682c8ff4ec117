#include "server/mqtt/late_packets.h"

#include <algorithm>
#include <utility>

namespace mqtt {
namespace {

std::size_t cost(const LatePackets::Packet& packet) {
    return packet.bytes.size() + sizeof packet;
}

}  // namespace

void LatePackets::add(Packet packet) {
    packet.number = next_number_++;
    bytes_ += cost(packet);
    for (auto& earlier : packets_) {
        if (earlier.gathers == 0 || packet.beside || packet.ending) continue;
        earlier.ready = std::max(earlier.ready, packet.due);
        if (--earlier.gathers == 0) earlier.due = earlier.ready;
    }
    packets_.push_back(std::move(packet));
}

std::optional<LatePackets::Packet> LatePackets::next(TimePoint now) {
    for (auto one = packets_.begin(); one != packets_.end(); ++one) {
        if (one->due <= now) {
            if (one->together) leave_together(one, now);
            auto packet = std::move(*one);
            packets_.erase(one);
            bytes_ -= cost(packet);
            return packet;
        }
        if (!one->overtake) return std::nullopt;
    }
    return std::nullopt;
}

std::optional<LatePackets::TimePoint> LatePackets::wake() const {
    std::optional<TimePoint> earliest;
    for (const auto& packet : packets_) {
        if (!earliest || packet.due < *earliest) earliest = packet.due;
        if (!packet.overtake) break;
    }
    return earliest;
}

// One write sends them all: none may wait for a later commit than the others.
void LatePackets::leave_together(const Place& first, TimePoint now) {
    const auto last = std::find_if(first, packets_.end(), [now](const Packet& one) { return one.due > now; });
    device::Gate gate = 0;
    for (auto one = first; one != last; ++one) gate = std::max(gate, one->gate);
    for (auto one = first; one != last; ++one) one->gate = gate;
}

bool LatePackets::gathers() const {
    return std::any_of(packets_.begin(), packets_.end(), [](const Packet& packet) { return packet.gathers > 0; });
}

void LatePackets::publish_left(std::uint64_t number) {
    for (auto& packet : packets_) {
        if (packet.number < number && packet.behind > 0 && --packet.behind == 0) packet.due = {};
    }
}

void LatePackets::release(const std::function<bool(std::uint32_t held_by)>& holds) {
    for (auto& packet : packets_) {
        if (packet.held_by != 0 && !holds(packet.held_by)) packet.due = {};
    }
}

void LatePackets::clear() {
    packets_.clear();
    bytes_ = 0;
}

}  // namespace mqtt
