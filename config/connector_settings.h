#pragma once
// A connector's configuration: Murano's device2 settings plus our quirks. Plain values, no behaviour. The defaults here
// are the built-in defaults of every connector (docs/settings).

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace config {

enum class AuthType : std::uint8_t { token, password, certificate };
enum class ResourceFormat : std::uint8_t { string, number, boolean };
enum class TlsPolicyName : std::uint8_t { tls_v1_2, tls_v1_0, custom };
enum class IdentityType : std::uint8_t { opaque, base10, base16, mac_colon, mac_dash, mac_dot, uuidv4 };
enum class Casing : std::uint8_t { lower, upper, mixed };

// A JSON scalar that keeps its exact text: 5 and "5" have the text `5`, and only the second is quoted. [R40a]
struct Scalar {
    std::string text;
    bool quoted = false;
    bool operator==(const Scalar&) const = default;
};

struct ResourceDefinition {
    ResourceFormat format = ResourceFormat::string;
    bool settable = false;
    bool sync = true;  // false: cloud values go only to connections open at the set [R42]
    std::string unit;
    std::vector<Scalar> allowed;    // empty: everything; values, and for numbers ranges such as "9-11" [R40]
    std::optional<Scalar> initial;  // `set` of a new identity, if settable
    bool operator==(const ResourceDefinition&) const = default;
};

struct TlsPolicy {
    TlsPolicyName name = TlsPolicyName::tls_v1_2;
    std::string min_version;           // custom only: "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"
    std::vector<std::string> ciphers;  // custom only: names of OpenSSL or IANA
    bool operator==(const TlsPolicy&) const = default;
};

struct ProtocolSettings {
    std::string name = "murano:v1/mqtt";
    std::string port = "8883";
    bool devmode = false;   // true: the plain device port serves this connector [R1]
    std::string client_ca;  // PEM, older place of pki.client_ca; empty: none
    TlsPolicy tls;
    bool operator==(const ProtocolSettings&) const = default;
};

struct ProvisioningSettings {
    bool enabled = true;
    AuthType auth_type = AuthType::token;
    bool generate_identity = true;   // only shown; no MQTT form exists [R57]
    bool presenter_identity = true;  // false: only whitelisted identities may provision
    bool ip_whitelisting_enabled = false;
    std::vector<std::string> ip_allowed;  // addresses and CIDR blocks
    bool operator==(const ProvisioningSettings&) const = default;
};

struct IdentityFormat {
    IdentityType type = IdentityType::opaque;
    std::string prefix;
    Casing casing = Casing::mixed;
    std::uint32_t length = 0;      // characters after the prefix; 0: any
    std::string length_text = {};  // the text sent if it is not a plain number: 12.67 stays 12.67. Empty: `length`
    bool operator==(const IdentityFormat&) const = default;
};

struct PkiSettings {
    bool enabled = false;
    std::string client_ca;  // PEM
    bool operator==(const PkiSettings&) const = default;
};

// Each quirk selects another reading of a rule. The first value is the default.
struct Quirks {
    enum class Will : std::uint8_t { process, ignore } will = Will::process;           // [R7]
    enum class ClientId : std::uint8_t { any, documented } client_id = ClientId::any;  // [R13]
    enum class UnentitledPublish : std::uint8_t {
        drop,
        disconnect
    } unentitled_publish = UnentitledPublish::drop;                                                      // [R46]
    enum class InvalidValue : std::uint8_t { ignore, disconnect } invalid_value = InvalidValue::ignore;  // [R40]
    enum class PasswordReply : std::uint8_t { none, empty } password_reply = PasswordReply::none;        // [R51]
    enum class ProvisionRefusal : std::uint8_t {
        silent,
        disconnect
    } provision_refusal = ProvisionRefusal::silent;                                                         // [R53]
    enum class PatchResources : std::uint8_t { replace, merge } patch_resources = PatchResources::replace;  // [D10]
    bool operator==(const Quirks&) const = default;
};

struct ConnectorSettings {
    std::string name;  // free text, only shown
    std::string description;
    ProtocolSettings protocol;
    ProvisioningSettings provisioning;
    IdentityFormat identity_format;
    PkiSettings pki;
    std::map<std::string, ResourceDefinition, std::less<>> resources = default_resources();
    Quirks quirks;
    bool journal_packets = false;
    std::string content_base_url;  // beginning of its content links; empty: the server's setting [R60]
    bool operator==(const ConnectorSettings&) const = default;

    static std::map<std::string, ResourceDefinition, std::less<>> default_resources() {
        ResourceDefinition reported_only;
        ResourceDefinition settable;
        settable.settable = true;
        return {{"config_io", settable}, {"data_in", reported_only}, {"data_out", settable}};
    }
};

}  // namespace config
