#include "tests/fuzz/targets/net_session/noting_taps.h"

#include "server/mqtt/encode.h"
#include "tests/fuzz/targets/net_session/world.h"

#include <string>
#include <utility>

namespace fuzz::session {
namespace {

class NotingTap final : public mqtt::PacketTap {
  public:
    NotingTap(Client& client, std::unique_ptr<mqtt::PacketTap> fault) : client_(client), fault_(std::move(fault)) {}

    mqtt::OnArrival came(const device::Link& link, const protocol::Action& packet, std::string_view raw) override {
        using Act = mqtt::OnArrival::Act;
        auto verdict = fault_ ? fault_->came(link, packet, raw) : mqtt::OnArrival{};
        if (verdict.act == Act::close_before || verdict.act == Act::close_after) client_.mute = true;
        if (!verdict.before.empty() || !verdict.after.empty()) client_.spoilt = true;
        return verdict;
    }

    mqtt::OnDeparture leaves(const device::Link& link, const device::Outgoing& packet, bool gathered) override {
        std::string bytes;
        mqtt::encode(bytes, packet);
        client_.note_meant(bytes);
        auto verdict = fault_ ? fault_->leaves(link, packet, gathered) : mqtt::OnDeparture{};
        const bool connack = std::holds_alternative<device::outgoing::Connack>(packet);
        if (verdict.close_before || verdict.close_after || (verdict.withheld && connack)) client_.mute = true;
        if (verdict.instead || !verdict.before.empty() || !verdict.after.empty()) client_.spoilt = true;
        return verdict;
    }

    mqtt::AtOnce at_once(const device::Link& link) override {
        auto orders = fault_ ? fault_->at_once(link) : mqtt::AtOnce{};
        if (!orders.bytes.empty()) client_.spoilt = true;
        return orders;
    }

    bool holds(std::uint32_t held_by) const override { return fault_ && fault_->holds(held_by); }

  private:
    Client& client_;
    std::unique_ptr<mqtt::PacketTap> fault_;
};

}  // namespace

std::unique_ptr<mqtt::PacketTap> NotingTaps::tap_for(const device::Link& link) {
    auto fault = world_.fault_taps().tap_for(link);
    client_.struck = client_.struck || fault != nullptr;
    if (!client_.struck) return nullptr;
    return std::make_unique<NotingTap>(client_, std::move(fault));
}

}  // namespace fuzz::session
