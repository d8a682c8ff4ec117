#include "server/faults/fault_checks.h"

#include "protocol/topic_filter.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace faults {
namespace {

using Found = std::optional<Complaint>;
using Names = std::initializer_list<std::string_view>;

bool is_one_of(std::string_view text, Names names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

std::string listed(Names names) {
    std::string all;
    for (const auto name : names) all.append(all.empty() ? "" : ", ").append(name);
    return all;
}

std::string kind_name(const Fault& fault) {
    return std::string(fault.rule().name);
}

// --- scope [faults 1] ---

std::string named_key(const Scope& scope) {
    return scope.identity ? "identity" : scope.client_id ? "client_id" : "anonymous";
}

Found check_scope(const Fault& fault) {
    const auto& rule = fault.rule();
    const bool at_accept = fault.kind == Kind::refuse || fault.kind == Kind::outage;
    if (at_accept && fault.scope.connector) {
        return Complaint{"connector", kind_name(fault) +
                                          " acts at accept, before the ClientHello names a connector: "
                                          "leave it out, or use ip"};
    }
    const bool handshake = rule.layer == Layer::tcp || rule.layer == Layer::tls;
    if (handshake && !rule.from_connect && fault.scope.names_client()) {
        return Complaint{
            named_key(fault.scope),
            kind_name(fault) + " acts before the CONNECT identifies the device: select by connector or ip"};
    }
    const bool http = rule.layer == Layer::content && fault.kind != Kind::content_list;
    if (http && (fault.scope.client_id || fault.scope.anonymous)) {
        return Complaint{fault.scope.client_id ? "client_id" : "anonymous",
                         "a request for content has no ClientID: its link names the identity"};
    }
    return std::nullopt;
}

Found check_budget(const Fault& fault) {
    const auto& budget = fault.budget;
    if (fault.kind == Kind::outage) {
        const std::string only = "outage affects all ports and has no chances: it accepts after_ms and for_ms only";
        if (!fault.scope.ip.empty()) return Complaint{"ip", only};
        if (budget.skip != 0) return Complaint{"skip", only};
        if (budget.times) return Complaint{"times", only};
        if (budget.probability != 1.0) return Complaint{"probability", only};
        if (budget.seed) return Complaint{"seed", only};
        if (budget.per != Per::all) return Complaint{"per", only};
    }
    if (budget.per == Per::identity && fault.acts_before_connect()) {
        return Complaint{
            "per", kind_name(fault) + " acts before the CONNECT identifies the device: expected all or connection"};
    }
    return std::nullopt;
}

// --- what narrows a packet ---

Found check_narrowing(const Fault& fault) {
    if (fault.narrowing.empty()) return std::nullopt;
    const std::string key = fault.narrowing.payload.empty() && !fault.narrowing.topic_in_match ? "topic" : "match";
    const bool has_packets =
        fault.rule().layer == Layer::mqtt && fault.kind != Kind::connack && fault.kind != Kind::coalesce;
    const bool closes_at_packet = fault.kind == Kind::close && fault.values.has(Key::packet);
    if (!has_packets && !closes_at_packet)
        return Complaint{key, kind_name(fault) + " looks at no topic and no payload"};
    const std::string_view packet = fault.kind == Kind::reorder ? "PUBLISH" : fault.values.text(Key::packet);
    if (packet.empty()) return Complaint{key, "with no packet there is nothing to look at: name one in packet"};
    const auto with_topic = {"PUBLISH", "PUBACK", "SUBSCRIBE", "SUBACK", "UNSUBSCRIBE", "UNSUBACK"};
    if (std::find(with_topic.begin(), with_topic.end(), packet) == with_topic.end()) {
        return Complaint{key, std::string(packet) +
                                  " has no topic: expected packet to be one of PUBLISH, PUBACK, "
                                  "SUBSCRIBE, SUBACK, UNSUBSCRIBE, UNSUBACK"};
    }
    if (!fault.narrowing.payload.empty() && packet != "PUBLISH") {
        return Complaint{"match", "only a PUBLISH has a payload, and packet is " + std::string(packet)};
    }
    if (!fault.narrowing.topic.empty() && !protocol::valid_topic_filter(fault.narrowing.topic)) {
        return Complaint{fault.narrowing.topic_in_match ? "match.topic" : "topic",
                         "is not an MQTT topic filter: + and # stand for whole levels, # only at the end"};
    }
    return std::nullopt;
}

// --- what one kind's keys say together ---

Found check_corrupt(const Fault& fault) {
    const auto how = fault.values.text(Key::how);
    const auto packet = fault.values.text(Key::packet);
    const auto fits = [&](Names packets) -> Found {
        if (is_one_of(packet, packets)) return std::nullopt;
        return Complaint{"how", std::string(how) + " does not fit " + std::string(packet) + ": it needs packet to be " +
                                    (packets.size() > 1 ? "one of " : "") + listed(packets)};
    };
    if (is_one_of(how, {"qos3", "truncated_utf8", "wildcard_topic"})) return fits({"PUBLISH"});
    if (how == "unknown_packet_id") return fits({"PUBACK", "SUBACK", "UNSUBACK"});
    if (how == "reserved_flags") return fits({"CONNACK", "PUBACK", "SUBACK", "UNSUBACK", "PINGRESP"});
    return std::nullopt;
}

Found check_replace(const Fault& fault) {
    const auto packet = fault.values.text(Key::packet);
    const auto fits = [&](Key key, std::string_view name, Names packets) -> Found {
        if (!fault.values.has(key) || is_one_of(packet, packets)) return std::nullopt;
        return Complaint{std::string(name), std::string(packet) + " has none: it is for " + listed(packets)};
    };
    if (auto found = fits(Key::topic, "topic", {"PUBLISH"})) return found;
    if (auto found = fits(Key::payload, "payload", {"PUBLISH"})) return found;
    if (auto found = fits(Key::code, "code", {"SUBACK"})) return found;
    if (auto found = fits(Key::packet_id, "packet_id", {"PUBACK", "SUBACK", "UNSUBACK", "PUBLISH"})) return found;
    for (const auto key : {Key::topic, Key::payload, Key::code, Key::packet_id}) {
        if (fault.values.has(key)) return std::nullopt;
    }
    return Complaint{"", "replace needs a replacement: topic, payload, code or packet_id"};
}

Found check_close(const Fault& fault) {
    const auto& values = fault.values;
    const auto packet = values.text(Key::packet);
    if (packet.empty()) {
        if (values.flag(Key::mid_packet))
            return Complaint{"mid_packet", "needs the packet that is cut: name it in packet"};
        return std::nullopt;
    }
    if (values.has(Key::after_bytes)) return Complaint{"after_bytes", "either after_bytes or packet, not both"};
    if (values.has(Key::idle_ms)) return Complaint{"idle_ms", "either idle_ms or packet, not both"};
    const bool both_ways = packet == "PUBLISH" || packet == "PUBACK";
    const bool in = is_one_of(packet, {"CONNECT", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ", "DISCONNECT"});
    const auto direction = values.text(Key::direction);
    if (!direction.empty() && direction != "both" && !both_ways && (direction == "in") != in) {
        return Complaint{"direction", std::string(packet) + (in ? " comes from the device: expected in"
                                                                : " goes to the device: expected out")};
    }
    const bool leaves = packet == "PUBACK" ? direction != "in" : both_ways ? direction == "out" : !in;
    if (values.flag(Key::mid_packet) && !leaves) {
        return Complaint{"mid_packet",
                         "only a packet that leaves can be cut: expected a packet to the device, or direction out"};
    }
    return std::nullopt;
}

Found check_connack(const Fault& fault) {
    const auto& values = fault.values;
    if (!values.has(Key::session_present)) return std::nullopt;
    if (values.has(Key::code))
        return Complaint{"session_present", "a CONNACK that refuses has none: either code or session_present"};
    if (values.has(Key::delay_ms)) return Complaint{"delay_ms", "is for a CONNACK that refuses, with code"};
    if (values.has(Key::stay_ms)) return Complaint{"stay_ms", "is for a CONNACK that refuses, with code"};
    return std::nullopt;
}

Found check_version(const Fault& fault) {
    const auto max = fault.values.text(Key::max);
    const auto min = fault.values.text(Key::min);
    if (max.empty() && min.empty()) return Complaint{"", "tls_version needs max or min"};
    if (!max.empty() && !min.empty() && max < min) return Complaint{"min", "min is above max, which leaves no version"};
    return std::nullopt;
}

Found check_payload(const Fault& fault) {
    const auto topic = fault.values.text(Key::topic);
    if (!topic.empty() && !protocol::valid_topic_name(topic))
        return Complaint{"topic", "is not a topic that can be sent"};
    if (fault.values.text(Key::encoding) != "utf8" && !fault.values.has(Key::payload)) {
        return Complaint{"encoding", "there is no payload to decode"};
    }
    return std::nullopt;
}

Found check_kind(const Fault& fault) {
    switch (fault.kind) {
        case Kind::close:
            return check_close(fault);
        case Kind::tls_version:
            return check_version(fault);
        case Kind::corrupt:
            return check_corrupt(fault);
        case Kind::replace:
            if (auto found = check_replace(fault)) return found;
            return check_payload(fault);
        case Kind::connack:
            return check_connack(fault);
        case Kind::coalesce:
            if (fault.values.has(Key::packets) == fault.values.has(Key::ms)) {
                return Complaint{"", "coalesce needs either packets or ms"};
            }
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

}  // namespace

std::optional<Complaint> complaint_about(const Fault& fault) {
    for (const auto check : {check_scope, check_budget, check_kind, check_narrowing}) {
        if (auto found = check(fault)) return found;
    }
    return std::nullopt;
}

}  // namespace faults
