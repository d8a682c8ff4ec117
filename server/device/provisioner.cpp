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

murano::ProvisionDecision Provisioner::decide(const Client& client, const CredentialRequest& request,
                                              const runtime::Now& now) {
    const auto& connector = *client.connector;
    const auto* known = client.anonymous() ? parts_.table.find(*client.connector, request.id) : client.device;
    std::optional<PeerCertificate> shown;
    std::optional<murano::NewCertificate> certificate;
    if (!client.anonymous() && client.device->row.auth_type == "certificate") {
        std::string error;
        shown = parts_.context.certificates.describe(request.payload, error);
        if (shown) certificate = {shown->common_name, shown->not_after_us, shown->pem};
    }
    using Via = murano::ProvisionRequest::Via;
    return murano::decide_provisioning(
        connector.settings, connector.ip_allowed, facts_of(known),
        {.id = request.id,
         .payload = request.payload,
         .ip = client.origin.ip,
         .now_us = now.wall_us,
         .via = client.protocol == journal::Protocol::http ? Via::http : Via::mqtt,
         .client_id = request.client_id,
         .connector_full = known == nullptr && parts_.table.room_for_identities(connector) == 0,
         .by_owner = !client.anonymous(),
         .certificate = certificate});
}

std::string Provisioner::grant(const Client& client, std::string_view id, const murano::ProvisionAccepted& accepted,
                               const runtime::Now& now) {
    auto& device = find_or_make(client, id, now);
    if (accepted.auth_type == config::AuthType::certificate) {  // from the next connection on [R59]
        device.row.key = accepted.credential;
        parts_.table.keep_identity(device);
        return device.row.key;
    }
    device.row.auth_type = config::to_string(accepted.auth_type);
    if (accepted.auth_type == config::AuthType::token) {
        device.row.key =
            murano::make_token([this](std::span<std::uint8_t> bytes) { parts_.context.random.fill(bytes); });
    } else {
        device.row.key = accepted.credential;
    }
    mark_provisioned(device, client, now);
    return device.row.key;
}

Device& Provisioner::with_certificate(const Client& client, std::string_view identity, const std::string& pem,
                                      const runtime::Now& now) {
    auto& device = find_or_make(client, identity, now);
    device.row.auth_type = config::to_string(config::AuthType::certificate);
    device.row.key = pem;
    mark_provisioned(device, client, now);
    return device;
}

Device& Provisioner::find_or_make(const Client& client, std::string_view identity, const runtime::Now& now) {
    auto* known = parts_.table.find(*client.connector, identity);
    return known != nullptr ? *known : parts_.table.make_device(*client.connector, identity, now.wall_us);
}

void Provisioner::mark_provisioned(Device& device, const Client& client, const runtime::Now& now) {
    device.row.reprovision = false;
    device.row.last_ip = client.origin.ip;
    device.row.last_seen_us = now.wall_us;
    parts_.table.keep_identity(device);
    auto subject = Recorder::subject_of(client);
    subject.identity = device.row.identity;
    parts_.recorder.event(subject, journal::EventType::provisioned, now);  // [R52]
    parts_.context.log.info("identity provisioned", {{"connector", subject.connector},
                                                     {"identity", device.row.identity},
                                                     {"auth_type", device.row.auth_type},
                                                     {"connection", subject.connection_id}});
}

}  // namespace device
