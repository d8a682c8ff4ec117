#pragma once
// May this identity get a credential, and what does the client hear? [R48-R55, R59, R64] One decision for MQTT and
// HTTP. Pure: the caller keeps credentials, makes the token, and answers. Any thread.

#include "config/connector_settings.h"
#include "server/murano/finding.h"
#include "server/murano/ip_rules.h"

#include <cstdint>
#include <optional>
#include <string>
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

// A certificate that a device published to its own `$provision/<id>`. [R59]
struct NewCertificate {
    std::string_view common_name;
    std::int64_t not_after_us = 0;
    std::string_view pem = {};
};

struct ProvisionRequest {
    enum class Via : std::uint8_t { mqtt, http };
    std::string_view id;
    std::string_view payload;  // the password, if the connector requires one; a secret
    std::string_view ip;
    std::int64_t now_us = 0;
    Via via = Via::mqtt;
    std::string_view client_id;   // MQTT: of the anonymous connection, which should have none [R13]
    bool connector_full = false;  // it has as many identities as limits.max_identities allows
    bool by_owner = false;        // the identity's own device asks, on a connection that it has logged in on
    std::optional<NewCertificate> certificate = std::nullopt;  // `payload` as one, where a certificate device asks
};

// What the client hears, once it is acknowledged. [R50, R51, R64]
enum class ProvisionReply : std::uint8_t { none, empty, credential };

struct ProvisionAccepted {
    // token: the caller makes one; password, certificate: `credential` is it. A certificate replaces the device's own,
    // from its next connection on, and changes nothing else. [R59]
    config::AuthType auth_type = config::AuthType::token;
    std::string credential;  // of the request: a password, or PEM; a secret
    std::optional<Finding> note = std::nullopt;
    ProvisionReply reply = ProvisionReply::none;
};

// What HTTP answers with a status for each [R64]; MQTT has no answer [R53].
enum class NoProvisioning : std::uint8_t {
    bad_request,  // an id or a password that cannot be
    forbidden,    // this device, or from this address, or no longer
    not_found,    // nobody provisions here, or not this one
    conflict,     // it is provisioned, or the connector wants certificates
    full          // as many identities as limits.max_identities allows
};

struct ProvisionRefused {
    Finding finding;
    NoProvisioning why = NoProvisioning::bad_request;
    bool closes = false;  // the MQTT connection, by quirks.provision_refusal; else the client gets its PUBACK [R53]
};

using ProvisionDecision = std::variant<ProvisionAccepted, ProvisionRefused>;

// `identity`: nothing where the id is unknown.
ProvisionDecision decide_provisioning(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                      const std::optional<IdentityFacts>& identity, const ProvisionRequest& request);

// What there is to say of the request; nullptr: nothing.
const Finding* finding_of(const ProvisionDecision& decision);

// Settings' whitelist, for callers that keep it; entries come from settings.provisioning.ip_allowed.
IpRules compile_ip_rules(const config::ConnectorSettings& settings);

// The checks for both certificates and requests: enabled, id, address, whitelist, lock, window. [R53, R58]
std::optional<ProvisionRefused> refuse_newcomer(const config::ConnectorSettings& settings, const IpRules& ip_allowed,
                                                const std::optional<IdentityFacts>& identity,
                                                const ProvisionRequest& request);

// A certificate device published to its own `$provision/<id>`: part of decide_provisioning. [R59]
struct RotationAccepted {
    std::optional<Finding> note = std::nullopt;
};
using RotationDecision = std::variant<RotationAccepted, Finding>;

// `certificate`: nullopt if the payload is not a certificate in PEM.
RotationDecision decide_rotation(std::string_view identity, const std::optional<NewCertificate>& certificate,
                                 std::int64_t now_us);

}  // namespace murano
