#pragma once
// A tap that acts on one connection's packets as the test says.

#include "server/mqtt/packet_tap.h"

#include <functional>
#include <memory>
#include <string_view>

namespace test {

class ScriptedTaps final : public mqtt::TapSource {
  public:
    using Came = std::function<mqtt::OnArrival(const protocol::Action&)>;
    using Leaves = std::function<mqtt::OnDeparture(const device::Outgoing&)>;

    std::unique_ptr<mqtt::PacketTap> tap_for(const device::Link&) override {
        ++asked;
        return armed ? std::make_unique<Tap>(*this) : nullptr;
    }

    bool armed = true;
    Came came = [](const protocol::Action&) { return mqtt::OnArrival{}; };
    Leaves leaves = [](const device::Outgoing&) { return mqtt::OnDeparture{}; };
    mqtt::AtOnce at_once;  // once
    bool holds = true;
    bool gathered = false;  // of the last one that left
    int asked = 0;

  private:
    struct Tap final : mqtt::PacketTap {
        explicit Tap(ScriptedTaps& its_source) : source(its_source) {}
        mqtt::OnArrival came(const device::Link&, const protocol::Action& packet, std::string_view) override {
            return source.came(packet);
        }
        mqtt::OnDeparture leaves(const device::Link&, const device::Outgoing& packet, bool is_gathered) override {
            source.gathered = is_gathered;
            return source.leaves(packet);
        }
        mqtt::AtOnce at_once(const device::Link&) override { return std::exchange(source.at_once, {}); }
        bool holds(std::uint32_t) const override { return source.holds; }
        ScriptedTaps& source;
    };
};

// `verdict` for packets of that kind; all others pass.
template <typename Packet>
ScriptedTaps::Leaves on_leaving(mqtt::OnDeparture verdict) {
    return [verdict](const device::Outgoing& packet) {
        return std::holds_alternative<Packet>(packet) ? verdict : mqtt::OnDeparture{};
    };
}
template <typename Packet>
ScriptedTaps::Came on_coming(mqtt::OnArrival verdict) {
    return [verdict](const protocol::Action& packet) {
        return std::holds_alternative<Packet>(packet) ? verdict : mqtt::OnArrival{};
    };
}

}  // namespace test
