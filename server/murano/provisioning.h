#pragma once
// Decides whether an identity may get a credential. [R48-R55, R59, R64] The same rules for MQTT and HTTP. Pure: the
// caller stores credentials, makes the token, and answers. Any thread.

#include "config/connector_settings.h"
#include "server/murano/finding.h"
#include "server/murano/ip_rules.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace murano {

inline constexpr std::size_t kShortestPassword = 20;     // code points [R51]
inline constexpr std::size_t kLongestPassword = 65'535;  // bytes: what a CONNECT can carry

// What is stored of an existing identity.
struct IdentityFacts {
    std::optional<config::AuthType> auth_type = std::nullopt;  // of its credential, if it has one [R16]
    bool has_credential = false;
    bool locked = false;
    bool reprovision = false;
    bool expired = false;
    std::optional<std::int64_t> expire_us = std::nullopt;  // end of the activation window [R55]
};

// True: the identity never provisioned and may not any more, because its window ended at or before now. [R55]
bool window_over(const IdentityFacts& facts, std::int64_t now_us);

struct ProvisionRequest {
    enum class Via : std::uint8_t { mqtt, http };
    std::string_view id;
    std::string_view payload;  // the password, if the connector requires one; a secret
    std::string_view ip;
    std::int64_t now_us = 0;
    Via via = Via::mqtt;
    std::string_view client_id;   // MQTT: of the anonymous connection, which should have none [R13]
    bool connector_full = false;  // it has limits.max_identities identities
};

struct ProvisionAccepted {
    config::AuthType auth_type = config::AuthType::token;  // token: make one and send it; password: store `password`
    std::string_view password;                             // of the request
    std::optional<Finding> note = std::nullopt;
};

struct ProvisionRefused {
    Finding finding;
    int http_status = 0;  // 400, 403, 404 or 409 [R64], 507; MQTT has no answer [R53]
};

using ProvisionDecision = std::variant<ProvisionAccepted, ProvisionRefused>;

// `identity`: nullopt if the id is unknown. Also decides for a device that publishes its own id, except a certificate
// device (decide_rotation).
ProvisionDecision decide_provisioning(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                      const std::optional<IdentityFacts>& identity, const ProvisionRequest& request);

// The whitelist of the settings, compiled, for callers that keep it; entries come from
// settings.provisioning.ip_allowed.
IpRules compile_ip_rules(const config::ConnectorSettings& settings);

// The checks for both certificates and requests: enabled, id, address, whitelist, lock, window. [R53, R58]
std::optional<ProvisionRefused> refuse_newcomer(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                                const std::optional<IdentityFacts>& identity,
                                                const ProvisionRequest& request);

// A certificate device published to its own `$provision/<id>`. [R59]
struct NewCertificate {
    std::string_view common_name;
    std::int64_t not_after_us = 0;
};
struct RotationAccepted {
    std::optional<Finding> note = std::nullopt;
};
using RotationDecision = std::variant<RotationAccepted, Finding>;

// `certificate`: nullopt if the payload is not a certificate in PEM.
RotationDecision decide_rotation(std::string_view identity, const std::optional<NewCertificate>& certificate,
                                 std::int64_t now_us);

}  // namespace murano
