#include "config/settings_schema.h"

#include <array>

namespace config {

namespace {

struct Help {
    std::string_view path;  // "a.b"; `*` is any key of a map
    std::string_view text;
};

constexpr std::array helps = std::to_array<Help>({
    {"name", "for people"},
    {"description", "for people"},
    {"protocol", "how devices connect"},
    {"protocol.name", "only shown"},
    {"protocol.port", "only shown; every device port serves every connector"},
    {"protocol.devmode", "true: the ports of listen.mqtt, without TLS, serve it"},
    {"protocol.client_ca", "the older place of pki.client_ca"},
    {"protocol.tls", "which TLS versions and cipher suites devices may use"},
    {"protocol.tls.policy", "TLSv1.2; TLSv1.0 for legacy devices; custom for the two that follow"},
    {"protocol.tls.min_version", "of custom: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3"},
    {"protocol.tls.ciphers", "of custom: names of OpenSSL or IANA"},
    {"provisioning", "how devices get their credential"},
    {"provisioning.enabled", "false: no device can provision"},
    {"provisioning.auth_type",
     "token: a password that the server makes; password: one that the device sends; certificate"},
    {"provisioning.generate_identity", "only shown; MQTT has no form of it"},
    {"provisioning.presenter_identity", "false: only identities that exist may provision"},
    {"provisioning.ip_whitelisting", "from which addresses devices may provision"},
    {"provisioning.ip_whitelisting.enabled", "true: only from the allowed addresses"},
    {"provisioning.ip_whitelisting.allowed", "addresses and blocks, such as 10.0.0.0/8"},
    {"identity_format", "which identities there may be"},
    {"identity_format.type", "opaque, base10, base16, a MAC address, or uuidv4"},
    {"identity_format.prefix", "what each identity begins with"},
    {"identity_format.options", "of the part after the prefix"},
    {"identity_format.options.casing", "lower, upper, mixed"},
    {"identity_format.options.length", "in characters; 0 is any length"},
    {"pki", "client certificates"},
    {"pki.enabled", "true: client certificates must chain to client_ca"},
    {"pki.client_ca", "authorities that sign client certificates, PEM"},
    {"pki.vendor", "accepted as in Murano's settings, without effect"},
    {"resources", "what devices report and take, by alias; these instead of those of connector_defaults"},
    {"resources.*.format", "string, number, boolean"},
    {"resources.*.unit", "for people"},
    {"resources.*.settable", "true: the cloud may set it"},
    {"resources.*.sync", "false: a set value is sent only to devices that are connected"},
    {"resources.*.allowed", "values, and for numbers ranges such as -40-125; empty is everything"},
    {"resources.*.initial", "what a new identity has as its set value"},
    {"quirks", "where two readings of Murano's documentation are possible (docs/differences.md)"},
    {"quirks.will", "a Will: process, or ignore"},
    {"quirks.client_id", "any, or documented: other client ids get CONNACK 2"},
    {"quirks.unentitled_publish", "a message that may not be sent: drop it, or disconnect"},
    {"quirks.invalid_value", "a value that does not fit: ignore it, or disconnect"},
    {"quirks.password_reply", "the answer to a device that sends its password: none, or empty"},
    {"quirks.provision_refusal", "a refused $provision: silent, or disconnect"},
    {"quirks.patch_resources", "PATCH of resources: replace all, or merge"},
    {"journal", "what of this connector is kept as events"},
    {"journal.packets", "true: every packet, readable and as bytes"},
    {"content", "content items by name, and base_url"},
    {"content.base_url", "beginning of content URLs, such as https://{host}:32768; instead of the server's"},
    {"content.*.file", "relative to this file"},
    {"content.*.text", "its content, instead of a file"},
    {"content.*.mime", "its media type"},
    {"fqdn", "accepted as in Murano's settings, without effect"},
    {"events", "accepted as in Murano's settings, without effect"},
    {"identities", "devices; made where they are not there, never overwritten"},
    {"identities.*.auth", "its credential; absent: known, but not provisioned yet"},
    {"identities.*.auth.type", "token, password, certificate"},
    {"identities.*.auth.key", "the token, the password, or the certificate in PEM"},
    {"identities.*.auth.expire", "µs since 1970: who has not provisioned by then is expired"},
    {"identities.*.locked", "true: it may not connect"},
    {"identities.*.state", "values that the cloud has set, by alias"},
    {"faults", "faults that are active from the start (murano-emulator fault kinds)"},
});

JsonNode* member(JsonNode* object, std::string_view key) {
    if (object == nullptr) return nullptr;
    for (JsonMember& each : object->members)
        if (each.key == key) return &each.value;
    return nullptr;
}

// Where the schema describes this path; nullptr: it does not, as `connector_defaults` has no identities.
JsonNode* place(JsonNode* node, std::string_view path) {
    while (!path.empty() && node != nullptr) {
        const std::string_view key = path.substr(0, path.find('.'));
        path.remove_prefix(key.size() < path.size() ? key.size() + 1 : path.size());
        node = key == "*" ? member(node, "additionalProperties") : member(member(node, "properties"), key);
    }
    return node;
}

}  // namespace

void describe_connector(JsonNode& schema) {
    for (const Help& help : helps)
        if (JsonNode* node = place(&schema, help.path)) node->put("description", JsonNode::of(help.text));
}

}  // namespace config
