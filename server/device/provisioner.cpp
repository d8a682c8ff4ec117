#include "server/device/provisioner.h"

#include "config/names.h"
#include "server/core/connector.h"
#include "server/murano/token.h"

namespace device {

std::optional<config::AuthType> auth_type_of(const storage::IdentityRow& row) {
    return config::parse_enum<config::AuthType>(row.auth_type);
}

std::optional<murano::IdentityFacts> facts_of(const Device* device) {
    if (device == nullptr) return std::nullopt;
    const auto& row = device->row;
    return murano::IdentityFacts{.auth_type = auth_type_of(row),
                                 .has_credential = device->has_credential(),
                                 .locked = row.locked,
                                 .reprovision = row.reprovision,
                                 .expired = row.expired,
                                 .expire_us = row.expire_us};
}

bool Provisioner::full(const Connector& connector, const Device* known) {
    return known == nullptr && parts_.table.room_for_identities(connector) == 0;
}

void Provisioner::mark_provisioned(Device& device, const Subject& subject, const runtime::Now& now) {
    device.row.reprovision = false;
    device.row.last_ip = subject.ip;
    device.row.last_seen_us = now.wall_us;
    parts_.table.keep_identity(device);
    parts_.recorder.event({subject.connector, device.row.identity, subject.connection_id, subject.ip, subject.protocol},
                          journal::EventType::provisioned, now);  // [R52]
    parts_.context.log.info("identity provisioned", {{"connector", subject.connector},
                                                     {"identity", device.row.identity},
                                                     {"auth_type", device.row.auth_type},
                                                     {"connection", subject.connection_id}});
}

std::string Provisioner::grant(Connector& connector, Device* known, std::string_view id,
                               const murano::ProvisionAccepted& accepted, const Subject& subject,
                               const runtime::Now& now) {
    auto& device = known != nullptr ? *known : parts_.table.make_device(connector, id, now.wall_us);
    device.row.auth_type = config::to_string(accepted.auth_type);
    if (accepted.auth_type == config::AuthType::token) {
        device.row.key =
            murano::make_token([this](std::span<std::uint8_t> bytes) { parts_.context.random.fill(bytes); });
    } else {
        device.row.key = accepted.password;
    }
    mark_provisioned(device, subject, now);
    return device.row.key;
}

bool Provisioner::refuse(Link& link, const murano::Finding& finding, const About& about, const runtime::Now& now,
                         const Acknowledge& acknowledge) {
    parts_.recorder.finding(link, finding, now, about);
    if (link.connector->settings.quirks.provision_refusal == config::Quirks::ProvisionRefusal::disconnect) return false;
    acknowledge.send();  // [R53] no reply, but the PUBACK
    return true;
}

bool Provisioner::request(Link& link, std::string_view id, std::string_view payload, const About& about,
                          const runtime::Now& now, const Acknowledge& acknowledge) {
    auto& connector = *link.connector;
    if (link.device != nullptr && link.device->row.auth_type == "certificate") {
        return rotate(link, payload, about, now, acknowledge);
    }
    auto* known = parts_.table.find(connector, id);
    const auto decision = murano::decide_provisioning(connector.settings, connector.ip_allowed, facts_of(known),
                                                      {.id = id,
                                                       .payload = payload,
                                                       .ip = link.facts.ip,
                                                       .now_us = now.wall_us,
                                                       .via = murano::ProvisionRequest::Via::mqtt,
                                                       .client_id = link.client_id,
                                                       .connector_full = full(connector, known)});
    if (const auto* refused = std::get_if<murano::ProvisionRefused>(&decision)) {
        return refuse(link, refused->finding, about, now, acknowledge);
    }
    const auto& accepted = std::get<murano::ProvisionAccepted>(decision);
    if (accepted.note) parts_.recorder.finding(link, *accepted.note, now, about);
    acknowledge.send();  // goes first [R48]
    const auto secret = grant(connector, known, id, accepted, Recorder::subject_of(link), now);
    if (accepted.auth_type == config::AuthType::token) {
        parts_.delivery.to_link(link, about.topic, secret, now);  // [R50]
    } else if (connector.settings.quirks.password_reply == config::Quirks::PasswordReply::empty) {
        parts_.delivery.to_link(link, about.topic, {}, now);  // [R51]
    }
    return true;
}

bool Provisioner::rotate(Link& link, std::string_view payload, const About& about, const runtime::Now& now,
                         const Acknowledge& acknowledge) {
    auto& device = *link.device;
    std::string error;
    const auto described = parts_.context.certificates.describe(payload, error);
    std::optional<murano::NewCertificate> certificate;
    if (described) certificate = {described->common_name, described->not_after_us};
    const auto decision = murano::decide_rotation(device.row.identity, certificate, now.wall_us);
    if (const auto* finding = std::get_if<murano::Finding>(&decision)) {
        return refuse(link, *finding, about, now, acknowledge);
    }
    if (const auto& note = std::get<murano::RotationAccepted>(decision).note) {
        parts_.recorder.finding(link, *note, now, about);
    }
    acknowledge.send();
    device.row.key = described->pem;  // from the next connection on [R59]
    parts_.table.keep_identity(device);
    return true;
}

Device& Provisioner::with_certificate(Connector& connector, std::string_view identity, const std::string& pem,
                                      const Subject& subject, const runtime::Now& now) {
    auto* known = parts_.table.find(connector, identity);
    auto& device = known != nullptr ? *known : parts_.table.make_device(connector, identity, now.wall_us);
    device.row.auth_type = config::to_string(config::AuthType::certificate);
    device.row.key = pem;
    mark_provisioned(device, subject, now);
    return device;
}

Activated Provisioner::activate(Connector& connector, const Activation& request, const runtime::Now& now) {
    auto* known = parts_.table.find(connector, request.identity);
    const Subject subject{connector.id, request.identity, request.connection_id, request.ip, journal::Protocol::http};
    const auto decision = murano::decide_provisioning(connector.settings, connector.ip_allowed, facts_of(known),
                                                      {.id = request.identity,
                                                       .payload = request.password,
                                                       .ip = request.ip,
                                                       .now_us = now.wall_us,
                                                       .via = murano::ProvisionRequest::Via::http,
                                                       .client_id = {},
                                                       .connector_full = full(connector, known)});
    if (const auto* refused = std::get_if<murano::ProvisionRefused>(&decision)) {
        parts_.recorder.finding(subject, refused->finding, now);
        return {refused->http_status, refused->finding.message};
    }
    const auto& accepted = std::get<murano::ProvisionAccepted>(decision);
    if (accepted.note) parts_.recorder.finding(subject, *accepted.note, now);
    const auto secret = grant(connector, known, request.identity, accepted, subject, now);
    if (accepted.auth_type == config::AuthType::token) return {200, secret};
    return {204, {}};  // [R64]
}

}  // namespace device
