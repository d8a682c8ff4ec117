#include "server/murano/login_refusals.h"

#include "server/murano/quote.h"
#include "server/murano/unknown_certificate.h"

#include <utility>

namespace murano {
namespace {

using config::AuthType;
using journal::Severity;

LoginRefused refuse(std::uint8_t connack, std::string_view code, Severity severity, const std::string& message,
                    std::string hint) {
    return {connack, Finding{code, severity,
                             "The CONNECT was refused with code " + std::to_string(connack) + ": " + message + ".",
                             std::move(hint)}};
}

}  // namespace

LoginRefused unknown_credential(const LoginPlan& plan, AuthType connector) {
    if (plan.step == LoginPlan::Step::by_identity) {
        return refuse(
            4, "R14.unknown_device", Severity::warning, "there is no device " + quoted(plan.key) + " with a credential",
            connector == AuthType::token ? "Username must be empty or the id of the device that the token belongs to."
                                         : "Username must be the id of a device that has provisioned.");
    }
    if (connector == AuthType::password) {
        return refuse(4, "R12.no_username", Severity::warning,
                      "Username is empty and Password is not a token of this connector",
                      "Set Username to the device id; a password alone names no device.");
    }
    return refuse(4, "R12.unknown_token", Severity::warning, "Password is not a token of this connector",
                  "Check for a token of another connector, a line end read along with it, or a device that was deleted "
                  "or revoked since.");
}

LoginRefused wrong_secret(const StoredIdentity& stored) {
    return refuse(4, "R12.wrong_credential", Severity::warning,
                  "Password is not the credential of " + quoted(stored.identity),
                  stored.auth_type == AuthType::token
                      ? "Send the token that the device got when it provisioned."
                      : "Send the password that the device provisioned; look for a line end read along with it.");
}

LoginRefused no_secret(const StoredIdentity& stored) {
    if (stored.auth_type == AuthType::certificate) {
        return refuse(4, "R16.no_certificate_shown", Severity::warning,
                      quoted(stored.identity) + " authenticates by its client certificate",
                      "Leave Username and Password empty and show the certificate.");
    }
    return refuse(4, stored.reprovision ? "R12.revoked_device" : "R12.not_provisioned", Severity::warning,
                  quoted(stored.identity) + " has no credential",
                  stored.reprovision ? "It was revoked: connect without credentials and provision it again."
                                     : "Connect without credentials and provision it first.");
}

LoginRefused name_without_password(const LoginPlan& plan) {
    const std::string_view name = plan.fields.username.value_or("");
    return refuse(4, plan.certificate ? "R14.username_beside_certificate" : "R14.no_password", Severity::violation,
                  "Username is " + quoted(name) + " and Password is empty",
                  plan.certificate ? "With a client certificate leave Username empty."
                                   : "Send the credential as Password, or leave both empty to provision.");
}

LoginRefused no_common_name(std::string_view name_fault) {
    if (!name_fault.empty()) {
        return refuse(4, "R58.ambiguous_common_name", Severity::violation,
                      "the common name of the client certificate " + std::string(name_fault),
                      "Some programs read such a name differently, so it identifies no device; the subject's CN must "
                      "be the device id as plain text.");
    }
    return refuse(4, "R58.no_common_name", Severity::violation, "the client certificate has no common name",
                  "Its subject's CN must be the device id.");
}

std::optional<LoginRefused> refuse_state(const StoredIdentity& stored) {
    if (stored.locked) {
        return refuse(5, "R12.locked", Severity::warning, quoted(stored.identity) + " is locked",
                      "Unlock the identity.");
    }
    if (stored.expired) {
        return refuse(5, "R12.expired", Severity::warning, quoted(stored.identity) + " has expired",
                      "Give the identity a later auth.expire.");
    }
    return std::nullopt;
}

Finding client_id_finding(std::string_view client_id, const std::string& rule) {
    return {"R13.client_id", Severity::violation, "The ClientID is " + quoted(client_id) + "; " + rule + ".",
            "Leave the ClientID empty."};
}

Finding certificate_ignored_note(std::string_view common_name) {
    return {"R58.unknown_certificate", Severity::info,
            "The client is anonymous:" + unknown_certificate(common_name) +
                ", and the connector's auth_type is not certificate.",
            std::string(register_certificate)};
}

Finding several_common_names(std::size_t count, std::string_view counts) {
    return {"R58.several_common_names", Severity::warning,
            "The subject of the client certificate has " + std::to_string(count) + " common names; the last one, " +
                quoted(counts) + ", counts.",
            "Make the certificate with one CN, the device id."};
}

LoginVerdict accept_with_client_id(const LoginPlan& plan, const StoredIdentity& stored, const LoginContext& context) {
    const std::string_view client_id = plan.fields.client_id;
    const bool certificate = plan.step == LoginPlan::Step::by_certificate;
    const bool fits = client_id.empty() || (!certificate && client_id == stored.identity);
    LoginAccepted accepted{std::string(stored.identity), std::nullopt, false};
    if (fits) return accepted;
    Finding finding = client_id_finding(
        client_id, certificate ? "with a certificate it must be empty" : "it must be empty or the device id");
    if (context.settings.quirks.client_id == config::Quirks::ClientId::documented)
        return LoginRefused{2, std::move(finding)};
    accepted.note = std::move(finding);
    return accepted;
}

}  // namespace murano
