#include "server/fault_tap/fault_tap.h"

#include "server/fault_tap/damage.h"
#include "server/faults/text_bytes.h"
#include "server/mqtt/encode.h"
#include "server/murano/reserved_topics.h"

#include <algorithm>
#include <limits>

namespace fault_tap {
namespace {

using faults::Key;
using faults::Kind;

constexpr faults::Milliseconds longest_wait{1'000};  // for packets that do not come

mqtt::Ending ending_of(const faults::Values& values) {
    const auto how = values.text(Key::how);
    return how == "reset" ? mqtt::Ending::reset : how == "half" ? mqtt::Ending::half : mqtt::Ending::fin;
}

// PUBLISH and PUBACK go both ways: `close` means the one from the device, `inject` the one to it.
bool is_of_way(const faults::Fault& fault, bool outgoing) {
    const auto packet = fault.values.text(Key::packet);
    if (packet != "PUBLISH" && packet != "PUBACK") return true;
    auto direction = fault.values.text(Key::direction);
    if (direction.empty() || direction == "both")
        direction = fault.kind == Kind::close && packet == "PUBLISH" ? "in" : "out";
    return (direction == "out") == outgoing;
}

std::string bytes_of(const faults::Values& values) {
    return faults::from_hex(values.text(Key::hex)).value_or("");
}

bool refuses_connect(const faults::Fault& fault) {
    return fault.kind == Kind::connack && fault.values.has(Key::code);
}

}  // namespace

bool FaultTap::holds(std::uint32_t number) const {
    return std::any_of(concern_.begin(), concern_.end(),
                       [number](const auto& armed) { return armed->number == number && !armed->over(); });
}

bool FaultTap::strikes(const faults::ArmedPtr& armed, const Chance& chance) const {
    return armed->active() && armed->fault.scope.strikes(chance.client);
}

std::uint64_t FaultTap::strike(const faults::ArmedPtr& armed, const Chance& chance) {
    return source_.registry().strike(armed, chance.client, source_.now()).value_or(0);
}

void FaultTap::report(const faults::Armed& armed, std::uint64_t hit, const Chance& chance, const std::string& done) {
    source_.registry().report(armed, hit, chance.client, chance.packet.name() + " " + done, chance.packet.type,
                              chance.packet.topic());
}

// Also without a subscription, which Murano does not need.
void FaultTap::hear_name(const device::Link& link, std::string_view topic) {
    if (link.client.connector == nullptr || link.client.device != nullptr || !named_.empty()) return;
    if (topic.starts_with(murano::kProvisionPrefix)) named_ = topic.substr(murano::kProvisionPrefix.size());
}

faults::Client FaultTap::client_of(const device::Link& link) const {
    auto client = struck_client(link);
    if (client.identity.empty()) client.identity = named_;
    return client;
}

// --- what came ---

mqtt::OnArrival FaultTap::came(const device::Link& link, const protocol::Action& packet, std::string_view) {
    const auto about_it = about(packet);
    hear_name(link, about_it.topic());
    auto client = client_of(link);
    std::string claimed;
    if (const auto* connect = std::get_if<protocol::ConnectRequest>(&packet)) {
        claimed = source_.claimed(link, connect->connect);
        client.identity = claimed;
        client.client_id = connect->connect.client_id;
        client.connected = client.refused = true;
        client.anonymous = claimed.empty();
    }
    const Chance chance{client, about_it};
    mqtt::OnArrival verdict;
    for (const auto& armed : concern_) {
        if (arrive(armed, chance, verdict)) break;
    }
    return verdict;
}

// True: this one decided.
bool FaultTap::arrive(const faults::ArmedPtr& armed, const Chance& chance, mqtt::OnArrival& verdict) {
    const auto& fault = armed->fault;
    const bool concerns = refuses_connect(fault) ? chance.packet.type == "CONNECT"
                          : fault.kind == Kind::ignore ||
                                  ((fault.kind == Kind::close || fault.kind == Kind::inject) && is_of_way(fault, false))
                              ? fits(fault, chance.packet)
                              : false;
    if (!concerns || !strikes(armed, chance)) return false;
    const auto hit = strike(armed, chance);
    if (hit == 0) return false;
    const bool before = fault.values.text(Key::when) == "before";
    switch (fault.kind) {
        case Kind::connack:
            verdict.act = mqtt::OnArrival::Act::refuse;
            verdict.connack = static_cast<std::uint8_t>(fault.values.number(Key::code));
            verdict.delay = fault.values.time(Key::delay_ms);
            verdict.stay = fault.values.time(Key::stay_ms);
            report(*armed, hit, chance, "was refused with the code " + std::to_string(verdict.connack));
            return true;
        case Kind::ignore:
            verdict.act = mqtt::OnArrival::Act::ignore;
            report(*armed, hit, chance, "was ignored");
            return true;
        case Kind::close:
            verdict.act = before ? mqtt::OnArrival::Act::close_before : mqtt::OnArrival::Act::close_after;
            verdict.ending = ending_of(fault.values);
            report(*armed, hit, chance,
                   before ? "was not handled, the connection was closed"
                          : "was handled and not answered, the connection was closed");
            return true;
        default:
            (before ? verdict.before : verdict.after) += bytes_of(fault.values);
            report(*armed, hit, chance, std::string("had bytes sent ") + (before ? "before" : "after") + " it");
            return false;
    }
}

// --- what leaves ---

mqtt::OnDeparture FaultTap::leaves(const device::Link& link, const device::Outgoing& packet, bool gathered) {
    const auto about_it = about(packet);
    const auto client = client_of(link);
    const Chance chance{client, about_it, gathered};
    mqtt::OnDeparture verdict;
    for (const auto& armed : concern_) {
        if (depart(armed, chance, packet, verdict)) break;
    }
    return verdict;
}

std::string FaultTap::put_instead(const faults::ArmedPtr& armed, const device::Outgoing& packet,
                                  mqtt::OnDeparture& verdict) {
    const auto& values = armed->fault.values;
    if (armed->fault.kind == Kind::replace) {
        verdict.instead = replaced(packet, values);
        return "was sent with other contents";
    }
    std::string whole;
    mqtt::encode(whole, packet);
    if (armed->fault.kind == Kind::connack) {
        whole[2] = values.flag(Key::session_present) ? '\x01' : '\x00';
        verdict.instead = std::move(whole);
        return std::string("was sent with session present ") + (values.flag(Key::session_present) ? "1" : "0");
    }
    const auto how = values.text(Key::how);
    verdict.instead = damaged(std::move(whole), how, source_.registry().random_of(*armed));
    if (how == "truncated") verdict.close_after = mqtt::Ending::fin;
    return "was sent malformed: " + std::string(how);
}

// Whether the fault has a chance at this packet, scope aside.
bool FaultTap::may_depart(const faults::Fault& fault, const Chance& chance, const device::Outgoing& outgoing) {
    const auto& packet = chance.packet;
    const auto* connack = std::get_if<device::outgoing::Connack>(&outgoing);
    switch (fault.kind) {
        case Kind::connack:
            return fault.values.has(Key::session_present) && connack != nullptr &&
                   connack->code == protocol::ConnackCode::accepted;
        case Kind::reorder:
            return fits(fault, packet, "PUBLISH");
        case Kind::coalesce:
            return !chance.gathered;
        case Kind::close:
        case Kind::inject:
            return is_of_way(fault, true) && fits(fault, packet);
        case Kind::withhold:
        case Kind::delay:
        case Kind::duplicate:
        case Kind::replace:
        case Kind::corrupt:
            return fits(fault, packet);
        default:
            return false;
    }
}

// True: this one decided.
bool FaultTap::depart(const faults::ArmedPtr& armed, const Chance& chance, const device::Outgoing& packet,
                      mqtt::OnDeparture& verdict) {
    if (!may_depart(armed->fault, chance, packet) || !strikes(armed, chance)) return false;
    const auto hit = strike(armed, chance);
    if (hit == 0) return false;
    const auto kind = armed->fault.kind;
    const bool adds = kind == Kind::delay || kind == Kind::duplicate || kind == Kind::coalesce || kind == Kind::inject;
    report(*armed, hit, chance, adds ? add(armed, verdict) : decide(armed, packet, verdict));
    return !adds;
}

// It waits for others, and leaves with them.
std::string FaultTap::gather(const faults::Armed& armed, mqtt::OnDeparture& verdict) {
    const auto& values = armed.fault.values;
    verdict.held_by = armed.number;
    if (values.has(Key::ms)) {
        verdict.gathers = std::numeric_limits<unsigned>::max();
        verdict.gathers_for = values.time(Key::ms);
        return "leaves in one segment with all of the next " + std::to_string(values.number(Key::ms)) + " ms";
    }
    verdict.gathers = static_cast<unsigned>(values.number(Key::packets)) - 1;
    verdict.gathers_for = longest_wait;
    return "leaves in one segment with the next " + std::to_string(verdict.gathers);
}

// Those that let the next ones have their chance, too.
std::string FaultTap::add(const faults::ArmedPtr& armed, mqtt::OnDeparture& verdict) {
    const auto& values = armed->fault.values;
    if (armed->fault.kind == Kind::delay) {
        const auto delay = source_.registry().delay_of(*armed);
        verdict.delay += delay;
        verdict.overtake = verdict.overtake || values.flag(Key::overtake);
        verdict.held_by = armed->number;
        return "was delayed by " + std::to_string(delay.count()) + " ms";
    }
    if (armed->fault.kind == Kind::coalesce) return gather(*armed, verdict);
    if (armed->fault.kind == Kind::duplicate) {
        verdict.copies += static_cast<unsigned>(values.number(Key::copies));
        return "was sent " + std::to_string(values.number(Key::copies) + 1) + " times";
    }
    const bool before = values.text(Key::when) == "before";
    (before ? verdict.before : verdict.after) += bytes_of(values);
    return std::string("had bytes sent ") + (before ? "before" : "after") + " it";
}

std::string FaultTap::decide(const faults::ArmedPtr& armed, const device::Outgoing& packet,
                             mqtt::OnDeparture& verdict) {
    const auto& values = armed->fault.values;
    switch (armed->fault.kind) {
        case Kind::withhold:
            verdict.withheld = true;
            return "was withheld";
        case Kind::reorder:
            verdict.behind = static_cast<unsigned>(values.number(Key::by));
            verdict.delay = std::max(verdict.delay, longest_wait);
            verdict.held_by = armed->number;
            return "leaves after the next " + std::to_string(verdict.behind);
        case Kind::close:
            break;
        default:
            return put_instead(armed, packet, verdict);
    }
    if (values.flag(Key::mid_packet)) {
        std::string whole;
        mqtt::encode(whole, packet);
        verdict.instead = whole.substr(0, (whole.size() + 1) / 2);
        verdict.close_after = ending_of(values);
        return "left by half, the connection was closed";
    }
    const bool before = values.text(Key::when) == "before";
    (before ? verdict.close_before : verdict.close_after) = ending_of(values);
    return before ? "did not leave, the connection was closed" : "was the last, the connection was closed";
}

// --- without a packet ---

mqtt::AtOnce FaultTap::at_once(const device::Link& link) {
    const auto client = client_of(link);
    const AboutPacket none;
    const Chance chance{client, none};
    mqtt::AtOnce verdict;
    for (const auto& armed : concern_) {
        const auto& fault = armed->fault;
        if (fault.kind != Kind::inject || fault.values.has(Key::packet) || !strikes(armed, chance)) continue;
        if (!source_.injects_first(armed->number, link.facts.connection_id)) continue;
        const auto hit = strike(armed, chance);
        if (hit == 0) continue;
        const auto bytes = bytes_of(fault.values);
        verdict.bytes += bytes;
        source_.registry().report(*armed, hit, client, std::to_string(bytes.size()) + " bytes were injected");
    }
    return verdict;
}

}  // namespace fault_tap
