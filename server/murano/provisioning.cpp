#include "server/murano/provisioning.h"

#include "server/murano/identity_rules.h"
#include "server/murano/quote.h"
#include "server/murano/utf8.h"

#include <string>
#include <utility>

namespace murano {
namespace {

using config::AuthType;
using journal::Severity;

using Why = NoProvisioning;

ProvisionRefused refuse(Why kind, std::string_view code, Severity severity, std::string_view id, const std::string& why,
                        std::string hint) {
    return {Finding{code, severity, "Provisioning of " + quoted(id) + " was refused: " + why + ".", std::move(hint)},
            kind};
}

ProvisionRefused bad_id(Finding finding) {
    finding.message = "Provisioning was refused. " + finding.message;
    return {std::move(finding), Why::bad_request};
}

std::optional<ProvisionRefused> refuse_known(const IdentityFacts& facts, const ProvisionRequest& request) {
    if (facts.locked) {
        return refuse(Why::forbidden, "R53.locked", Severity::warning, request.id, "the identity is locked",
                      "Unlock it first.");
    }
    if (facts.has_credential && !facts.reprovision) {
        return refuse(Why::conflict, "R54.already_provisioned", Severity::warning, request.id,
                      "it is provisioned already; its credential is unchanged",
                      "Use the credential it was given, or revoke the identity to let it provision again.");
    }
    if (facts.expired || window_over(facts, request.now_us)) {
        return refuse(Why::forbidden, "R55.window_over", Severity::warning, request.id, "its activation window is over",
                      "Give the identity a later auth.expire.");
    }
    return std::nullopt;
}

std::optional<ProvisionRefused> refuse_certificate_connector(const config::ConnectorSettings& settings,
                                                             const ProvisionRequest& request) {
    if (settings.provisioning.auth_type != AuthType::certificate) return std::nullopt;
    return refuse(Why::conflict, "R53.certificate_connector", Severity::violation, request.id,
                  "the connector authenticates by client certificate",
                  "Connect with a client certificate whose CN is the device id; that provisions it.");
}

std::optional<ProvisionRefused> refuse_password(const ProvisionRequest& request) {
    const std::size_t characters = count_code_points(request.payload);
    if (characters < kShortestPassword) {
        return refuse(Why::bad_request, "R51.password_too_short", Severity::violation, request.id,
                      "the password has " + std::to_string(characters) + " characters",
                      "Send a password of at least 20 characters as the payload.");
    }
    if (request.payload.size() > kLongestPassword) {
        return refuse(Why::bad_request, "R51.password_too_long", Severity::violation, request.id,
                      "the password has more than 65535 bytes", "Use a password that fits in a CONNECT.");
    }
    return std::nullopt;
}

ProvisionDecision accept_password(const ProvisionRequest& request) {
    if (auto refusal = refuse_password(request)) return *std::move(refusal);
    ProvisionAccepted accepted{AuthType::password, std::string(request.payload), std::nullopt};
    if (!request.client_id.empty()) {
        accepted.note =
            Finding{"R13.client_id_at_provisioning", Severity::violation,
                    "A password was provisioned over a connection with the ClientID " + quoted(request.client_id) + ".",
                    "Leave the ClientID empty while provisioning a password."};
    }
    return accepted;
}

ProvisionDecision accept_token(const ProvisionRequest& request) {
    ProvisionAccepted accepted{AuthType::token, {}, std::nullopt};
    if (!request.payload.empty()) {
        accepted.note = Finding{"R48.payload_ignored", Severity::warning,
                                "The payload of the provisioning request of " + quoted(request.id) + " was ignored.",
                                "Leave it empty: in this connector Murano makes the token. For passwords set "
                                "provisioning.auth_type to password."};
    }
    return accepted;
}

ProvisionDecision rotate(const ProvisionRequest& request) {
    auto decision = decide_rotation(request.id, request.certificate, request.now_us);
    if (auto* finding = std::get_if<Finding>(&decision)) return ProvisionRefused{std::move(*finding), Why::bad_request};
    return ProvisionAccepted{AuthType::certificate, std::string(request.certificate->pem),
                             std::get<RotationAccepted>(std::move(decision)).note};
}

ProvisionDecision judge(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                        const std::optional<IdentityFacts>& identity, const ProvisionRequest& request) {
    if (request.by_owner && identity && identity->auth_type == AuthType::certificate) return rotate(request);
    if (auto refusal = refuse_certificate_connector(settings, request)) return *std::move(refusal);
    if (auto refusal = refuse_newcomer(settings, ip_allowed, identity, request)) return *std::move(refusal);
    if (settings.provisioning.auth_type == AuthType::password) return accept_password(request);
    return accept_token(request);
}

ProvisionReply reply_to(const ProvisionRequest& request, AuthType granted, const config::Quirks& quirks) {
    if (granted == AuthType::token) return ProvisionReply::credential;  // [R50, R64]
    const bool empty = granted == AuthType::password && request.via == ProvisionRequest::Via::mqtt &&
                       quirks.password_reply == config::Quirks::PasswordReply::empty;
    return empty ? ProvisionReply::empty : ProvisionReply::none;  // [R51, R59, R64]
}

}  // namespace

bool window_over(const IdentityFacts& facts, std::int64_t now_us) {
    if (facts.has_credential || facts.reprovision) return false;  // it did provision
    return facts.expire_us && *facts.expire_us > 0 && *facts.expire_us <= now_us;
}

IpRules compile_ip_rules(const config::ConnectorSettings& settings) {
    return settings.provisioning.ip_whitelisting_enabled ? IpRules(settings.provisioning.ip_allowed) : IpRules();
}

std::optional<ProvisionRefused> refuse_newcomer(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                                const std::optional<IdentityFacts>& identity,
                                                const ProvisionRequest& request) {
    if (!settings.provisioning.enabled) {
        return refuse(Why::not_found, "R53.disabled", Severity::warning, request.id,
                      "provisioning is disabled in this connector", "Set provisioning.enabled to true.");
    }
    if (auto finding = check_identity(settings.identity_format, request.id)) return bad_id(*std::move(finding));
    if (settings.provisioning.ip_whitelisting_enabled && !ip_allowed.contains(request.ip)) {
        return refuse(Why::forbidden, "R53.address_not_allowed", Severity::warning, request.id,
                      "the address " + quoted(request.ip) + " is not in provisioning.ip_whitelisting",
                      "Add it to ip_whitelisting.allowed, as an address or a CIDR block.");
    }
    if (!identity && !settings.provisioning.presenter_identity) {
        return refuse(Why::not_found, "R53.unknown_identity", Severity::warning, request.id,
                      "the identity is not whitelisted",
                      "Add the identity first, or set provisioning.presenter_identity to true.");
    }
    if (!identity && request.connector_full) {
        return refuse(Why::full, "R53.connector_full", Severity::violation, request.id,
                      "the connector has as many identities as limits.max_identities allows",
                      "Delete those that are not needed any more, or raise the limit.");
    }
    return identity ? refuse_known(*identity, request) : std::nullopt;
}

ProvisionDecision decide_provisioning(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                      const std::optional<IdentityFacts>& identity, const ProvisionRequest& request) {
    auto decision = judge(settings, ip_allowed, identity, request);
    if (auto* accepted = std::get_if<ProvisionAccepted>(&decision)) {
        accepted->reply = reply_to(request, accepted->auth_type, settings.quirks);
    } else {
        std::get<ProvisionRefused>(decision).closes =
            request.via == ProvisionRequest::Via::mqtt &&
            settings.quirks.provision_refusal == config::Quirks::ProvisionRefusal::disconnect;
    }
    return decision;
}

const Finding* finding_of(const ProvisionDecision& decision) {
    if (const auto* refused = std::get_if<ProvisionRefused>(&decision)) return &refused->finding;
    const auto& note = std::get<ProvisionAccepted>(decision).note;
    return note ? &*note : nullptr;
}

RotationDecision decide_rotation(std::string_view identity, const std::optional<NewCertificate>& certificate,
                                 std::int64_t now_us) {
    const std::string refused = "The certificate of " + quoted(identity) + " was not replaced: ";
    if (!certificate) {
        return Finding{"R59.not_pem", Severity::violation, refused + "the payload is not a certificate in PEM.",
                       "Publish the new certificate as -----BEGIN CERTIFICATE-----, with nothing around it."};
    }
    if (certificate->common_name != identity) {
        return Finding{"R59.other_name", Severity::violation,
                       refused + "the new one is for the CN " + quoted(certificate->common_name) + ".",
                       "The CN must be the device id " + quoted(identity) + "."};
    }
    if (certificate->not_after_us > now_us) return RotationAccepted{};
    return RotationAccepted{
        Finding{"R59.expired", Severity::warning,
                "The new certificate of " + quoted(identity) + " has expired by the emulator's clock.",
                "The next connection will be refused with it; publish one that is valid."}};
}

}  // namespace murano
