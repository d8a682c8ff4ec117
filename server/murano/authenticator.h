#pragma once
// Decides who connects. [R10-R16, R58] Two steps, with the caller's look-up in between: plan_login() says what to look
// up, judge_login() decides. Pure; any thread. Views in a plan point into the caller's CONNECT and certificate.

#include "config/connector_settings.h"
#include "server/murano/finding.h"
#include "server/murano/ip_rules.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace murano {

// Of a CONNECT. nullopt: the flag is not set.
struct LoginFields {
    std::string_view client_id;
    std::optional<std::string_view> username = std::nullopt;
    std::optional<std::string_view> password = std::nullopt;  // a secret
};

// The client certificate of the connection; the handshake proved only that the client holds its key.
struct ShownCertificate {
    std::string_view common_name;  // empty: it has none
    std::string_view fingerprint;
    std::int64_t not_before_us = 0;
    std::int64_t not_after_us = 0;
    bool chains_to_client_ca = false;  // checked by the caller; matters if pki.enabled
    std::string_view name_fault = {};  // why an existing CN does not count: "contains the character U+0000"
};

struct LoginPlan {
    enum class Step : std::uint8_t {
        by_token,        // look up the identity whose token is `key`
        by_identity,     // look up the identity `key`
        by_certificate,  // look up the identity `key`, the certificate's CN
        anonymous,       // nothing to look up
        refuse           // nothing to look up
    };
    Step step = Step::anonymous;
    std::string_view key;  // a secret where the step is by_token
    LoginFields fields;
    std::optional<ShownCertificate> certificate = std::nullopt;
};

LoginPlan plan_login(const LoginFields& fields, const std::optional<ShownCertificate>& certificate,
                     config::AuthType connector_auth_type);

// The identity found by the look-up.
struct StoredIdentity {
    std::string_view identity;
    std::optional<config::AuthType> auth_type = std::nullopt;  // of its credential; nullopt: none [R16]
    std::string_view key = {};                                 // token or password; a secret
    std::string_view fingerprint = {};                         // of a certificate
    bool locked = false;
    bool expired = false;
    bool reprovision = false;
    std::optional<std::int64_t> expire_us = std::nullopt;
};

struct LoginContext {
    const config::ConnectorSettings& settings;
    const IpRules& ip_allowed;
    std::string_view ip;
    std::int64_t now_us = 0;
    bool connector_full = false;  // no more identities can be created
};

struct LoginAccepted {
    std::string identity;
    std::optional<Finding> note = std::nullopt;
    bool certificate_renewed = false;  // another certificate with the same CN, signed by the CA: store it [R58]
};
struct LoginProvisions {  // gives the identity this certificate, event `provisioned`, then as accepted [R58]
    std::string identity;
    std::optional<Finding> note = std::nullopt;
};
struct LoginAnonymous {
    std::optional<Finding> note = std::nullopt;
};
struct LoginRefused {
    std::uint8_t connack = 0;  // 2, 4 or 5
    Finding finding;
};
using LoginVerdict = std::variant<LoginAccepted, LoginProvisions, LoginAnonymous, LoginRefused>;

// The subject of the client certificate has more than one CN; the last one counts. [R58]
Finding several_common_names(std::size_t count, std::string_view counts);

LoginVerdict judge_login(const LoginPlan& plan, const std::optional<StoredIdentity>& stored,
                         const LoginContext& context);

}  // namespace murano
