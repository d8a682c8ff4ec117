#include "server/device/on_publish.h"

#include "server/core/connector.h"
#include "server/device/acknowledge.h"
#include "server/murano/secret_text.h"

namespace device {
namespace {

constexpr auto publish_name = "PUBLISH";
constexpr std::size_t shortest_credential = 20;    // a shorter password may be any word
constexpr std::size_t searched_bytes = 1'048'576;  // of a payload: a giant one would hold up others

murano::Finding qos2_note() {
    return {"R26.qos_2", journal::Severity::warning,
            "QoS 2 is taken as QoS 0: the message is processed once, and no PUBREC comes.",
            "Publish with QoS 1 where the device needs to know that the message has arrived."};
}

murano::Finding retain_note() {
    return {"R23.retain", journal::Severity::info, "RETAIN is ignored: Murano has no retained messages.",
            "Publish with RETAIN 0; the values of resources are kept anyway."};
}

murano::Finding first_dup_note() {
    return {"R27.dup_without_retry", journal::Severity::warning,
            "DUP is 1 on a packet id that this device has not sent lately; it is processed as a new message.",
            "Set DUP only when the very same PUBLISH is sent again."};
}

murano::Finding ignored_will_note() {
    return {"R7.will_ignored", journal::Severity::info, "The Will was dropped: the connector's quirk will is ignore.",
            "Set quirks.will to process to have Wills published."};
}

// Whether a packet with this id came before, as far as anybody remembers. [R27]
bool was_sent(const Link& link, std::uint16_t packet_id) {
    if (link.packet_ids.contains(packet_id)) return true;
    if (link.client.device == nullptr) return false;
    const auto& earlier = link.client.device->earlier_packet_ids;
    return !earlier || earlier->contains(packet_id);
}

}  // namespace

void Inbound::note_flags(Link& link, const protocol::Publish& publish, const About& about, const runtime::Now& now) {
    if (publish.qos == 2) parts_.recorder.finding(link.client, qos2_note(), now, about);
    if (publish.retain) parts_.recorder.finding(link.client, retain_note(), now, about);
    if (publish.qos == 0) return;
    if (publish.dup && !was_sent(link, publish.packet_id))
        parts_.recorder.finding(link.client, first_dup_note(), now, about);
    link.packet_ids.add(publish.packet_id);
}

// What it publishes stays as it is: it is the device's own. [D20]
void Inbound::note_own_credential(Link& link, const protocol::Publish& publish, const About& about,
                                  const runtime::Now& now) {
    if (link.client.device == nullptr || link.told_own_credential) return;
    const std::string_view key = link.client.device->row.key;
    if (key.size() < shortest_credential || link.client.device->row.auth_type == "certificate") return;
    const bool in_topic = publish.topic.find(key) != std::string_view::npos;
    const auto searched = publish.payload.substr(0, searched_bytes);
    if (!in_topic && searched.find(key) == std::string_view::npos) return;
    link.told_own_credential = true;
    parts_.recorder.finding(link.client, murano::publishes_own_credential(), now,
                            {about.packet_type, about.packet_id, in_topic ? std::string_view{} : about.topic});
}

void Inbound::publish(Link& link, const protocol::Publish& publish, const runtime::Now& now) {
    const About about{publish_name, publish.qos == 0 ? std::nullopt : std::optional(publish.packet_id), publish.topic};
    note_flags(link, publish, about, now);
    note_own_credential(link, publish, about, now);
    const Acknowledge acknowledge(parts_.context.commits, link, publish.qos == 1 ? publish.packet_id : std::uint16_t{0},
                                  publish.topic);
    if (!dispatch(link, publish, now, acknowledge)) parts_.lifecycle.close(link, CloseReason::rule, now);
}

void Inbound::will(Link& link, const Will& will, const runtime::Now& now) {
    if (link.client.connector->settings.quirks.will == config::Quirks::Will::ignore) {
        parts_.recorder.finding(link.client, ignored_will_note(), now, {"CONNECT", std::nullopt, will.topic});
        return;
    }
    protocol::Publish publish;
    publish.topic = will.topic;
    publish.payload = will.payload;
    dispatch(link, publish, now, Acknowledge(parts_.context.commits, link, 0, will.topic));
}

// A PUBLISH to `$provision/<id>`. [R48]
bool Inbound::provision(Link& link, std::string_view id, const protocol::Publish& publish, const About& about,
                        const runtime::Now& now, const Acknowledge& acknowledge) {
    const auto decision = parts_.provisioner.decide(link.client, {id, publish.payload, link.client_id}, now);
    if (const auto* finding = murano::finding_of(decision)) {
        parts_.recorder.finding(link.client, *finding, now, about);
    }
    if (const auto* refused = std::get_if<murano::ProvisionRefused>(&decision)) {
        if (refused->closes) return false;
        acknowledge.send();  // [R53] no reply, but the PUBACK
        return true;
    }
    acknowledge.send();  // goes first [R48]
    const auto& accepted = std::get<murano::ProvisionAccepted>(decision);
    const auto credential = parts_.provisioner.grant(link.client, id, accepted, now);
    if (accepted.reply == murano::ProvisionReply::none) return true;
    const bool empty = accepted.reply == murano::ProvisionReply::empty;
    parts_.delivery.to_link(link, about.topic, empty ? std::string_view{} : credential, now);  // [R50, R51]
    return true;
}

bool Inbound::report(Link& link, const murano::PublishCommand& command, const protocol::Publish& publish,
                     const About& about, const runtime::Now& now) {
    if (const auto* one = std::get_if<murano::ReportOne>(&command)) {
        return parts_.reports.one(link.client, one->alias, publish.payload, about, now);
    }
    if (std::holds_alternative<murano::ReportMany>(command)) {
        return parts_.reports.many(link.client, publish.payload, about, now);
    }
    return parts_.reports.batch(link.client, publish.payload, about, now);
}

bool Inbound::dispatch(Link& link, const protocol::Publish& publish, const runtime::Now& now,
                       const Acknowledge& acknowledge) {
    const About about{publish_name, publish.qos == 0 ? std::nullopt : std::optional(publish.packet_id), publish.topic};
    const auto client = topic_client(link);
    const auto command = murano::classify_publish(publish.topic, client);
    if (const auto* provision = std::get_if<murano::Provision>(&command)) {
        return this->provision(link, provision->id, publish, about, now, acknowledge);
    }
    if (const auto* unentitled = std::get_if<murano::Unentitled>(&command)) {
        parts_.recorder.finding(link.client, unentitled->finding, now, about);
        if (link.client.connector->settings.quirks.unentitled_publish ==
            config::Quirks::UnentitledPublish::disconnect) {
            return false;
        }
        acknowledge.send();  // [D5]
        return true;
    }
    if (std::holds_alternative<murano::Content>(command)) {
        acknowledge.send();
        parts_.content_list.reply(link, publish.payload, about, now);
        return true;
    }
    if (std::holds_alternative<murano::Arbitrary>(command)) {
        acknowledge.send();
        arbitrary(link, publish, about, now);
        return true;
    }
    if (!report(link, command, publish, about, now)) return false;
    acknowledge.send();
    return true;
}

void Inbound::arbitrary(Link& link, const protocol::Publish& publish, const About& about, const runtime::Now& now) {
    if (const auto suspicion = murano::suspicious_topic(publish.topic, link.client.device->row.identity)) {
        parts_.recorder.finding(link.client, *suspicion, now, about);
    }
    parts_.recorder.event(link.client, journal::EventType::publish, now,
                          journal::PublishPayload{publish.topic, publish.payload, &link.room});
    parts_.delivery.to_subscribers(*link.client.device, publish.topic, publish.payload, now);  // [R45a]
}

}  // namespace device
