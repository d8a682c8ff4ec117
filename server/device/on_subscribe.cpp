#include "server/device/on_subscribe.h"

#include "server/core/connector.h"
#include "server/murano/quote.h"
#include "server/murano/subscription_rules.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace device {
namespace {

murano::Finding lower_qos_note() {
    return {"R33.higher_qos", journal::Severity::info, "A higher QoS was requested; QoS 0 is granted.",
            "Subscribe with QoS 0: Murano sends only QoS 0."};
}

murano::Finding limit_note(std::string_view code, std::string_view filter, const std::string& why, std::string hint) {
    return {code, journal::Severity::violation,
            "The subscription to " + murano::quoted(filter) + " was refused with 0x80: " + why + ".", std::move(hint)};
}

}  // namespace

std::optional<murano::Finding> Subscriber::too_large(std::string_view filter) const {
    const auto& limits = context_.options;
    if (filter.size() > limits.max_filter_bytes) {
        return limit_note("R35.filter_too_long", filter,
                          "it has " + std::to_string(filter.size()) + " bytes, and limits.max_filter_bytes is " +
                              std::to_string(limits.max_filter_bytes),
                          "Use a shorter filter, or raise the limit.");
    }
    const auto levels = static_cast<std::size_t>(std::count(filter.begin(), filter.end(), '/')) + 1;
    if (levels <= limits.max_filter_levels) return std::nullopt;
    return limit_note("R35.filter_too_deep", filter,
                      "it has " + std::to_string(levels) + " levels, and limits.max_filter_levels is " +
                          std::to_string(limits.max_filter_levels),
                      "Use fewer levels, or raise the limit.");
}

std::optional<murano::Finding> Subscriber::too_many(const Link& link, std::string_view filter) const {
    if (link.filters.size() < context_.options.max_subscriptions) return std::nullopt;
    return limit_note(
        "R35.too_many_subscriptions", filter,
        "the session has " + std::to_string(link.filters.size()) + " subscriptions, as limits.max_subscriptions allows",
        "Unsubscribe what is not needed any more, use wildcards, or raise the limit.");
}

std::uint8_t Subscriber::decide(Link& link, const protocol::Subscribe& subscribe, std::string_view filter,
                                const runtime::Now& now) {
    if (const auto finding = too_large(filter)) {
        recorder_.finding(link.client, *finding, now, {"SUBSCRIBE", subscribe.packet_id, filter});
        return protocol::suback_failure;
    }
    const auto client = topic_client(link);
    const auto decision =
        murano::decide_filter(filter, client, link.client.connector->settings.identity_format, link.provision_id);
    if (decision.finding) {
        recorder_.finding(link.client, *decision.finding, now, {"SUBSCRIBE", subscribe.packet_id, filter});
    }
    if (!decision.granted) return protocol::suback_failure;
    // [MQTT-3.8.4-3] an identical filter replaces the subscription: kept once
    if (std::find(link.filters.begin(), link.filters.end(), filter) != link.filters.end()) {
        return protocol::suback_granted;
    }
    if (const auto finding = too_many(link, filter)) {
        recorder_.finding(link.client, *finding, now, {"SUBSCRIBE", subscribe.packet_id, filter});
        return protocol::suback_failure;
    }
    link.filters.emplace_back(filter);
    return protocol::suback_granted;
}

void Subscriber::subscribe(Link& link, const protocol::Subscribe& subscribe, const runtime::Now& now) {
    const auto higher = std::find_if(subscribe.filters.begin(), subscribe.filters.end(),
                                     [](const auto& wanted) { return wanted.qos > 0; });
    if (higher != subscribe.filters.end()) {
        recorder_.finding(link.client, lower_qos_note(), now, {"SUBSCRIBE", subscribe.packet_id, higher->filter});
    }
    std::vector<std::uint8_t> codes;
    for (const auto& subscription : subscribe.filters) {
        codes.push_back(decide(link, subscribe, subscription.filter, now));
    }
    sessions_.filters_changed(link);
    link.peer.send(outgoing::Suback{subscribe.packet_id, codes, subscribe.filters}, context_.commits.gate());
}

void Subscriber::unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe, const runtime::Now& now) {
    for (const auto filter : unsubscribe.filters) {
        if (const auto note = murano::unsubscribe_note(filter)) {
            recorder_.finding(link.client, *note, now, {"UNSUBSCRIBE", unsubscribe.packet_id, filter});
        }
        std::erase(link.filters, filter);  // [MQTT-3.10.4-1] character by character
    }
    sessions_.filters_changed(link);
    link.peer.send(outgoing::Unsuback{unsubscribe.packet_id, unsubscribe.filters}, context_.commits.gate());
}

}  // namespace device
