#include "server/murano/authenticator.h"

#include "server/murano/certificate_login.h"
#include "server/murano/login_refusals.h"
#include "server/murano/quote.h"
#include "server/murano/secret_compare.h"

#include <utility>

namespace murano {
namespace {

using config::AuthType;
using Step = LoginPlan::Step;

bool given(const std::optional<std::string_view>& field) {
    return field && !field->empty();
}

Step step_without_password(const LoginPlan& plan, AuthType connector_auth_type) {
    const bool has_name = given(plan.fields.username);
    if (plan.certificate && !plan.certificate->common_name.empty()) return Step::by_certificate;
    // A certificate without a CN names nobody: a failure where certificates are what counts, nothing elsewhere. [R58]
    if (plan.certificate && connector_auth_type == AuthType::certificate) return Step::refuse;
    return has_name ? Step::refuse : Step::anonymous;
}

LoginVerdict judge_credential(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                              const LoginContext& context) {
    const AuthType connector = context.settings.provisioning.auth_type;
    if (!stored) return unknown_credential(plan, connector);
    const bool secret_kind = stored->auth_type == AuthType::token || stored->auth_type == AuthType::password;
    if (!secret_kind) return no_secret(*stored);
    // A password without its Username names nobody. [R10, R14]
    const bool named = stored->auth_type == AuthType::token && plan.step == Step::by_token;
    if (!named && plan.fields.username.value_or("") != stored->identity) return unknown_credential(plan, connector);
    if (!same_secret(stored->key, *plan.fields.password)) return wrong_secret(*stored);
    if (auto refusal = refuse_state(*stored)) return *std::move(refusal);
    return accept_with_client_id(plan, *stored, context);
}

LoginVerdict judge_anonymous(const LoginPlan& plan, const LoginContext& context) {
    LoginAnonymous verdict;
    if (plan.certificate) verdict.note = certificate_ignored_note(plan.certificate->common_name);
    // An anonymous client of a password connector is there to provision, which wants no ClientID; with `any` the
    // finding comes with the request. [R13, R15]
    const bool provisions_password = context.settings.provisioning.auth_type == AuthType::password;
    const bool strict = context.settings.quirks.client_id == config::Quirks::ClientId::documented;
    if (!provisions_password || !strict || plan.fields.client_id.empty()) return verdict;
    return LoginRefused{2,
                        client_id_finding(plan.fields.client_id, "while a password is provisioned it must be empty")};
}

LoginVerdict refuse_plan(const LoginPlan& plan) {
    if (plan.certificate && plan.certificate->common_name.empty() && !given(plan.fields.username))
        return no_common_name(plan.certificate->name_fault);
    return name_without_password(plan);
}

}  // namespace

LoginPlan plan_login(const LoginFields& fields, const std::optional<ShownCertificate>& certificate,
                     AuthType connector_auth_type) {
    LoginPlan plan{Step::anonymous, {}, fields, certificate};
    if (given(fields.password)) {  // decides, whatever certificate is shown [R10, R11]
        const bool has_name = given(fields.username);
        plan.step = has_name ? Step::by_identity : Step::by_token;
        plan.key = has_name ? *fields.username : *fields.password;
        return plan;
    }
    plan.step = step_without_password(plan, connector_auth_type);
    if (plan.step == Step::by_certificate) plan.key = certificate->common_name;
    return plan;
}

LoginVerdict judge_login(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                         const LoginContext& context) {
    switch (plan.step) {
        case Step::by_token:
        case Step::by_identity:
            return judge_credential(plan, stored, context);
        case Step::by_certificate:
            if (certificate_counts(stored, context)) return judge_certificate(plan, stored, context);
            // Ignored in a token or password connector, unless it belongs to a certificate identity. [R16, R58]
            if (given(plan.fields.username)) return name_without_password(plan);
            return judge_anonymous(plan, context);
        case Step::refuse:
            return refuse_plan(plan);
        case Step::anonymous:
            break;
    }
    return judge_anonymous(plan, context);
}

}  // namespace murano
