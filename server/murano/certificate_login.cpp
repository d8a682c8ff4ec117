#include "server/murano/certificate_login.h"

#include "server/murano/login_refusals.h"
#include "server/murano/provisioning.h"
#include "server/murano/quote.h"
#include "server/murano/secret_compare.h"

#include <string>
#include <utility>

namespace murano {
namespace {

using config::AuthType;
using journal::Severity;

LoginRefused refuse(std::string_view code, const ShownCertificate& shown, const std::string& why, std::string hint) {
    return {4,
            Finding{code, Severity::warning,
                    "The client certificate of " + quoted(shown.common_name) + " was refused with code 4: " + why + ".",
                    std::move(hint)}};
}

std::optional<LoginRefused> refuse_certificate(const ShownCertificate& shown, const LoginContext& context) {
    if (context.now_us < shown.not_before_us) {
        return refuse("R58.certificate_not_yet_valid", shown, "it is not yet valid by the emulator's clock",
                      "Check the emulator's clock and the certificate's notBefore.");
    }
    if (context.now_us > shown.not_after_us) {
        return refuse("R58.certificate_expired", shown, "it has expired by the emulator's clock",
                      "Renew it, or set the emulator's clock back.");
    }
    if (context.settings.pki.enabled && !shown.chains_to_client_ca) {
        return refuse("R58.certificate_untrusted", shown, "it does not chain to pki.client_ca",
                      "Have it signed by that CA and send the intermediates too, or set pki.enabled to false.");
    }
    return std::nullopt;
}

// A Username beside a certificate must be the device's own id. [R14, R15]
bool wrong_name(const LoginPlan& plan) {
    const std::string_view name = plan.fields.username.value_or("");
    return !name.empty() && name != plan.certificate->common_name;
}

IdentityFacts facts_of(const StoredIdentity& stored) {
    return {stored.auth_type, stored.auth_type.has_value(), stored.locked, stored.reprovision, stored.expired,
            stored.expire_us};
}

LoginVerdict judge_newcomer(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                            const LoginContext& context) {
    const ShownCertificate& shown = *plan.certificate;
    std::optional<IdentityFacts> facts;
    StoredIdentity identity;
    if (stored) {
        identity = *stored;
        facts = facts_of(*stored);
        identity.expired = identity.expired || window_over(*facts, context.now_us);
        if (auto refusal = refuse_state(identity)) return *std::move(refusal);
    }
    identity.identity = shown.common_name;
    const ProvisionRequest request{
        shown.common_name, {}, context.ip, context.now_us, ProvisionRequest::Via::mqtt, {}, context.connector_full};
    if (auto refusal = refuse_newcomer(context.settings, context.ip_allowed, facts, request)) {
        return LoginRefused{4, std::move(refusal->finding)};
    }
    LoginVerdict verdict = accept_with_client_id(plan, identity, context);
    if (auto* accepted = std::get_if<LoginAccepted>(&verdict)) {
        return LoginProvisions{std::move(accepted->identity), std::move(accepted->note)};
    }
    return verdict;
}

LoginVerdict judge_known(const LoginPlan& plan, const StoredIdentity& stored, const LoginContext& context) {
    const ShownCertificate& shown = *plan.certificate;
    const bool same = same_secret(stored.fingerprint, shown.fingerprint);
    if (!same && !context.settings.pki.enabled) {
        return refuse("R58.other_certificate", shown, "it is not the certificate that the device provisioned with",
                      "Use that one, publish the new one to $provision/<own id> first, or revoke the identity.");
    }
    if (auto refusal = refuse_state(stored)) return *std::move(refusal);
    LoginVerdict verdict = accept_with_client_id(plan, stored, context);
    if (auto* accepted = std::get_if<LoginAccepted>(&verdict)) accepted->certificate_renewed = !same;
    return verdict;
}

}  // namespace

bool certificate_counts(const std::optional<StoredIdentity>& stored, const LoginContext& context) {
    if (context.settings.provisioning.auth_type == AuthType::certificate) return true;
    return stored && stored->auth_type == AuthType::certificate;
}

LoginVerdict judge_certificate(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                               const LoginContext& context) {
    if (wrong_name(plan)) return name_without_password(plan);
    if (auto refusal = refuse_certificate(*plan.certificate, context)) return *std::move(refusal);
    if (!stored || !stored->auth_type) return judge_newcomer(plan, stored, context);
    if (stored->auth_type == AuthType::certificate) return judge_known(plan, *stored, context);
    return refuse("R58.no_certificate_device", *plan.certificate,
                  "the device authenticates by " +
                      std::string(stored->auth_type == AuthType::token ? "its token" : "its password"),
                  "An identity keeps its type; revoke it to let it provision by certificate.");
}

}  // namespace murano
