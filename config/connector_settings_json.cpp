#include "config/connector_settings_json.h"

#include "config/address.h"
#include "config/resource_json.h"
#include "config/tls_policy_json.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace config {

namespace {

// A certificate is public; a file that holds the key beside it is a slip whose content must not be kept or shown.
void read_client_ca(ObjectReader& reader, std::string& value) {
    std::string pem = value;
    reader.read_nullable("client_ca", pem);
    const JsonNode* node = reader.find("client_ca");
    const bool holds_key = pem.find("PRIVATE KEY") != std::string::npos;
    const bool is_pem = pem.empty() || pem.find("-----BEGIN CERTIFICATE-----") != std::string::npos;
    if (node != nullptr && (holds_key || !is_pem)) {
        reader.context().error(node->offset, reader.path_of("client_ca"),
                               holds_key ? "contains a private key, expected certificates in PEM only"
                                         : "expected a certificate in PEM, or null");
        return;
    }
    value = std::move(pem);
}

void read_port(ObjectReader& reader, std::string& value) {
    const JsonNode* node = reader.find("port");
    if (node == nullptr) return;
    const bool text = node->is(JsonNode::Kind::string) || node->is(JsonNode::Kind::number);
    if (text && is_port(node->text)) {
        value = node->text;
    } else {
        reader.wrong(*node, reader.path_of("port"), "a port as a string, \"1\" to \"65535\"");
    }
}

ProtocolSettings read_protocol(ObjectReader reader, ProtocolSettings protocol) {
    if (const JsonNode* node = reader.find("name"); node != nullptr) {
        const std::string_view* name = reader.chosen("name", *node, protocol_names());
        if (name != nullptr) protocol.name = *name;
    }
    read_port(reader, protocol.port);
    reader.read("devmode", protocol.devmode);
    read_client_ca(reader, protocol.client_ca);
    read_tls_policy(reader.child("tls"), protocol.tls);
    reader.finish();
    return protocol;
}

void read_whitelisting(ObjectReader reader, ProvisioningSettings& provisioning) {
    reader.read("enabled", provisioning.ip_whitelisting_enabled);
    reader.read("allowed", provisioning.ip_allowed);
    const JsonNode* node = reader.find("allowed");
    if (node != nullptr) {
        for (std::size_t i = 0; i < node->items.size(); ++i) {
            const JsonNode& item = node->items[i];
            if (!item.is(JsonNode::Kind::string) || is_ip_or_cidr(item.text)) continue;
            reader.wrong(item, item_path(reader.path_of("allowed"), i),
                         "an IP address or a block such as \"10.0.0.0/8\"");
        }
    }
    reader.finish();
}

ProvisioningSettings read_provisioning(ObjectReader reader, ProvisioningSettings provisioning) {
    reader.read("enabled", provisioning.enabled);
    const JsonNode* type = reader.find("auth_type");
    const std::optional<AuthType> legacy =
        type != nullptr && type->is(JsonNode::Kind::string) ? parse_auth_type(type->text) : std::nullopt;
    if (legacy) {
        provisioning.auth_type = *legacy;
    } else {
        reader.read("auth_type", provisioning.auth_type);
    }
    reader.read("generate_identity", provisioning.generate_identity);
    reader.read("presenter_identity", provisioning.presenter_identity);
    read_whitelisting(reader.child("ip_whitelisting"), provisioning);
    reader.finish();
    return provisioning;
}

// Murano keeps even 12.67 as it comes: its whole part counts, and what was sent comes back.
void read_length(ObjectReader& reader, IdentityFormat& format) {
    const JsonNode* node = reader.find("length");
    if (node == nullptr) return;
    const std::string_view text = node->text;
    const std::string_view whole_part = text.substr(0, text.find('.'));
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(whole_part.data(), whole_part.data() + whole_part.size(), value);
    const bool whole = error == std::errc() && end == whole_part.data() + whole_part.size();
    const bool plain = text.find_first_of("eE") == std::string_view::npos;
    if (node->is(JsonNode::Kind::number) && whole && plain && value <= 255) {
        format.length = value;
        format.length_text = text == std::to_string(value) ? std::string() : node->text;
    } else {
        reader.wrong(*node, reader.path_of("length"), "a number, 0 (any) to 255, without exponent");
    }
}

// Murano takes options that do not belong to the type; so do we, and say so where somebody reads it.
void warn_of_idle_options(ObjectReader& options, const IdentityFormat& format) {
    using Type = IdentityType;
    const auto warn = [&](std::string_view key) {
        const JsonNode* node = options.find(key);
        if (node == nullptr) return;
        options.context().warning(node->offset, options.path_of(key),
                                  "has no effect with the type " + std::string(to_string(format.type)));
    };
    const bool has_length = format.type == Type::base10 || format.type == Type::base16;
    const bool has_casing = format.type != Type::opaque && format.type != Type::base10;
    if (format.length != 0 && !has_length) warn("length");
    if (format.casing != Casing::mixed && !has_casing) warn("casing");
}

IdentityFormat read_identity_format(ObjectReader reader, IdentityFormat format) {
    reader.read("type", format.type);
    reader.read("prefix", format.prefix);
    ObjectReader options = reader.child("options");
    options.read("casing", format.casing);
    read_length(options, format);
    warn_of_idle_options(options, format);
    options.finish();
    reader.finish();
    return format;
}

PkiSettings read_pki(ObjectReader reader, PkiSettings pki) {
    reader.read("enabled", pki.enabled);
    read_client_ca(reader, pki.client_ca);
    reader.ignore("vendor");
    reader.finish();
    return pki;
}

void warn_of_missing_ca(ObjectReader& reader, const ConnectorSettings& settings) {
    const JsonNode* pki = reader.find("pki");
    const bool has_ca = !settings.pki.client_ca.empty() || !settings.protocol.client_ca.empty();
    if (pki == nullptr || !settings.pki.enabled || has_ca) return;
    reader.context().warning(pki->offset, reader.path_of("pki"),
                             "is enabled without a client_ca, so every client certificate is refused");
}

Quirks read_quirks(ObjectReader reader, Quirks quirks) {
    reader.read("will", quirks.will);
    reader.read("client_id", quirks.client_id);
    reader.read("unentitled_publish", quirks.unentitled_publish);
    reader.read("invalid_value", quirks.invalid_value);
    reader.read("password_reply", quirks.password_reply);
    reader.read("provision_refusal", quirks.provision_refusal);
    reader.read("patch_resources", quirks.patch_resources);
    reader.finish();
    return quirks;
}

// In a settings file the items stand beside it; one of them may have this name.
void read_content_base(ObjectReader reader, std::string& value) {
    const JsonNode* node = reader.find("base_url");
    if (node == nullptr || node->is(JsonNode::Kind::object)) return;
    std::string text = value;
    reader.read_nullable("base_url", text);
    if (text.empty() || is_content_base(text)) {
        value = std::move(text);
    } else {
        reader.wrong(*node, reader.path_of("base_url"), content_base_rule);
    }
}

// Where there are no items.
void finish_content(ObjectReader reader) {
    const JsonNode* node = reader.find("base_url");
    if (node != nullptr && node->is(JsonNode::Kind::object)) {
        reader.wrong(*node, reader.path_of("base_url"), content_base_rule);
    }
    reader.finish();
}

}  // namespace

ConnectorSettings read_connector(ObjectReader& reader, const ConnectorSettings& defaults) {
    ConnectorSettings settings = defaults;
    reader.read("name", settings.name);
    reader.read("description", settings.description);
    settings.protocol = read_protocol(reader.child("protocol"), defaults.protocol);
    settings.provisioning = read_provisioning(reader.child("provisioning"), defaults.provisioning);
    settings.identity_format = read_identity_format(reader.child("identity_format"), defaults.identity_format);
    settings.pki = read_pki(reader.child("pki"), defaults.pki);
    warn_of_missing_ca(reader, settings);
    if (const JsonNode* resources = reader.find("resources"); resources != nullptr) {
        settings.resources = read_resources(*resources, reader.path_of("resources"), reader.context());
    }
    settings.quirks = read_quirks(reader.child("quirks"), defaults.quirks);
    ObjectReader journal = reader.child("journal");
    journal.read("packets", settings.journal_packets);
    journal.finish();
    read_content_base(reader.child("content"), settings.content_base_url);
    reader.ignore("fqdn");    // Murano shows it, so a client that sends back what it got sends it
    reader.ignore("events");  // every event type is always emitted
    return settings;
}

ConnectorSettings parse_connector(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                                  const ReadContext& context) {
    ObjectReader reader(&node, path, context);
    ConnectorSettings settings = read_connector(reader, defaults);
    finish_content(reader.child("content"));
    reader.finish();
    return settings;
}

std::optional<ConnectorSettings> parse_connector_text(std::string_view text, const ConnectorSettings& defaults,
                                                      KeyMode mode, Problems& problems) {
    const ReadContext context{"", text, mode, problems};
    const ParsedJson parsed = parse_json(text, JsonDialect::strict);
    const std::size_t errors_before = problems.error_count();
    for (const JsonFault& fault : parsed.faults) context.error(fault.offset, fault.path, fault.message);
    if (!parsed.root) return std::nullopt;
    ConnectorSettings settings = parse_connector(*parsed.root, "", defaults, context);
    if (problems.error_count() != errors_before) return std::nullopt;
    return settings;
}

}  // namespace config
