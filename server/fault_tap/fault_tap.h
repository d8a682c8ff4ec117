#pragma once
// Applies faults to one connection's packets. [faults 3, 5] Per packet in order of creation: delays, copies and
// additional bytes add up, until the first fault that withholds, ignores, closes, refuses, replaces, corrupts or
// reorders.

#include "server/fault_tap/about_packet.h"
#include "server/fault_tap/fault_taps.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fault_tap {

class FaultTap : public mqtt::PacketTap {
  public:
    // `concern`: in order of creation. Any change of the faults requires a new tap.
    FaultTap(FaultTaps& source, std::vector<faults::ArmedPtr> concern)
        : source_(source), concern_(std::move(concern)) {}

    mqtt::OnArrival came(const device::Link& link, const protocol::Action& packet, std::string_view raw) override;
    mqtt::OnDeparture leaves(const device::Link& link, const device::Outgoing& packet, bool gathered) override;
    mqtt::AtOnce at_once(const device::Link& link) override;
    bool holds(std::uint32_t number) const override;

  private:
    struct Chance {
        const faults::Client& client;
        const AboutPacket& packet;
        bool gathered = false;
    };
    void hear_name(const device::Link& link, std::string_view topic);
    faults::Client client_of(const device::Link& link) const;
    bool strikes(const faults::ArmedPtr& armed, const Chance& chance) const;
    std::uint64_t strike(const faults::ArmedPtr& armed, const Chance& chance);  // 0: the packet passes
    void report(const faults::Armed& armed, std::uint64_t hit, const Chance& chance, const std::string& done);
    bool arrive(const faults::ArmedPtr& armed, const Chance& chance, mqtt::OnArrival& verdict);
    bool depart(const faults::ArmedPtr& armed, const Chance& chance, const device::Outgoing& packet,
                mqtt::OnDeparture& verdict);
    static bool may_depart(const faults::Fault& fault, const Chance& chance, const device::Outgoing& outgoing);
    static std::string gather(const faults::Armed& armed, mqtt::OnDeparture& verdict);
    std::string add(const faults::ArmedPtr& armed, mqtt::OnDeparture& verdict);
    std::string decide(const faults::ArmedPtr& armed, const device::Outgoing& packet, mqtt::OnDeparture& verdict);
    std::string put_instead(const faults::ArmedPtr& armed, const device::Outgoing& packet, mqtt::OnDeparture& verdict);

    FaultTaps& source_;
    std::vector<faults::ArmedPtr> concern_;
    std::string named_;  // by an anonymous client in its first $provision topic [faults 1]
};

}  // namespace fault_tap
