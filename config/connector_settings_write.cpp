#include "config/connector_settings_json.h"
#include "config/resource_json.h"

namespace config {

namespace {

JsonNode text_or_null(const std::string& text) {
    return text.empty() ? JsonNode() : JsonNode::of(text);
}

JsonNode tls_json(const TlsPolicy& tls, ConnectorShape shape) {
    JsonNode node = JsonNode::object({{"policy", JsonNode::of(to_string(tls.name))}});
    if (tls.name == TlsPolicyName::custom || shape == ConnectorShape::full) {
        node.put("min_version", JsonNode::of(tls.min_version));
        node.put("ciphers", JsonNode::array_of(tls.ciphers));
    }
    return node;
}

JsonNode protocol_json(const ProtocolSettings& protocol, ConnectorShape shape) {
    return JsonNode::object({{"name", JsonNode::of(protocol.name)},
                             {"port", JsonNode::of(protocol.port)},
                             {"devmode", JsonNode::of(protocol.devmode)},
                             {"client_ca", text_or_null(protocol.client_ca)},
                             {"tls", tls_json(protocol.tls, shape)}});
}

JsonNode provisioning_json(const ProvisioningSettings& provisioning) {
    return JsonNode::object(
        {{"enabled", JsonNode::of(provisioning.enabled)},
         {"auth_type", JsonNode::of(to_string(provisioning.auth_type))},
         {"generate_identity", JsonNode::of(provisioning.generate_identity)},
         {"presenter_identity", JsonNode::of(provisioning.presenter_identity)},
         {"ip_whitelisting", JsonNode::object({{"enabled", JsonNode::of(provisioning.ip_whitelisting_enabled)},
                                               {"allowed", JsonNode::array_of(provisioning.ip_allowed)}})}});
}

JsonNode identity_format_json(const IdentityFormat& format) {
    return JsonNode::object(
        {{"type", JsonNode::of(to_string(format.type))},
         {"prefix", JsonNode::of(format.prefix)},
         {"options",
          JsonNode::object({{"casing", JsonNode::of(to_string(format.casing))},
                            {"length", JsonNode::number(format.length_text.empty() ? std::to_string(format.length)
                                                                                   : format.length_text)}})}});
}

JsonNode quirks_json(const Quirks& quirks) {
    return JsonNode::object({{"will", JsonNode::of(to_string(quirks.will))},
                             {"client_id", JsonNode::of(to_string(quirks.client_id))},
                             {"unentitled_publish", JsonNode::of(to_string(quirks.unentitled_publish))},
                             {"invalid_value", JsonNode::of(to_string(quirks.invalid_value))},
                             {"password_reply", JsonNode::of(to_string(quirks.password_reply))},
                             {"provision_refusal", JsonNode::of(to_string(quirks.provision_refusal))},
                             {"patch_resources", JsonNode::of(to_string(quirks.patch_resources))}});
}

}  // namespace

JsonNode to_json(const ConnectorSettings& settings, ConnectorShape shape) {
    JsonNode node = JsonNode::object({{"name", JsonNode::of(settings.name)},
                                      {"description", JsonNode::of(settings.description)},
                                      {"protocol", protocol_json(settings.protocol, shape)},
                                      {"provisioning", provisioning_json(settings.provisioning)},
                                      {"identity_format", identity_format_json(settings.identity_format)},
                                      {"pki", JsonNode::object({{"enabled", JsonNode::of(settings.pki.enabled)},
                                                                {"client_ca", text_or_null(settings.pki.client_ca)}})},
                                      {"resources", to_json(settings.resources)}});
    if (shape == ConnectorShape::full) {
        node.put("quirks", quirks_json(settings.quirks));
        node.put("journal", JsonNode::object({{"packets", JsonNode::of(settings.journal_packets)}}));
        node.put("content", JsonNode::object({{"base_url", text_or_null(settings.content_base_url)}}));
    }
    return node;
}

}  // namespace config
