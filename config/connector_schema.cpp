#include "config/names.h"
#include "config/settings_schema.h"

namespace config {

namespace {

using Entries = std::initializer_list<JsonEntry>;

JsonNode typed(const char* type) {
    return JsonNode::object({{"type", JsonNode::of(type)}});
}
JsonNode nullable_text() {
    return JsonNode::object({{"type", JsonNode::array_of({"string", "null"})}});
}
JsonNode texts() {
    return JsonNode::object({{"type", JsonNode::of("array")}, {"items", typed("string")}});
}
JsonNode scalar() {
    return JsonNode::object({{"type", JsonNode::array_of({"string", "number", "boolean"})}});
}

JsonNode scalar_or_null() {
    return JsonNode::object({{"type", JsonNode::array_of({"string", "number", "boolean", "null"})}});
}

template <typename E>
std::vector<std::string> names_of() {
    std::vector<std::string> names;
    for (const auto& entry : enum_names<E>()) names.emplace_back(entry.name);
    return names;
}

JsonNode one_of(const std::vector<std::string>& names) {
    return JsonNode::object({{"enum", JsonNode::array_of(names)}});
}

JsonNode one_of(std::span<const std::string_view> names) {
    return one_of(std::vector<std::string>(names.begin(), names.end()));
}

template <typename E>
JsonNode choice() {
    return one_of(names_of<E>());
}

JsonNode auth_type() {
    std::vector<std::string> names = names_of<AuthType>();
    names.emplace_back("cik");  // Murano's legacy name of token
    return one_of(names);
}

JsonNode object_of(Entries properties) {
    return JsonNode::object({{"type", JsonNode::of("object")},
                             {"additionalProperties", JsonNode::of(false)},
                             {"properties", JsonNode::object(properties)}});
}

JsonNode map_of(JsonNode value) {
    return JsonNode::object({{"type", JsonNode::of("object")}, {"additionalProperties", std::move(value)}});
}

JsonNode protocol() {
    std::vector<std::string> versions(tls_versions().begin(), tls_versions().end());
    versions.emplace_back("");
    return object_of(
        {{"name", one_of(protocol_names())},
         {"port", JsonNode::object({{"type", JsonNode::array_of({"string", "integer"})}})},
         {"devmode", typed("boolean")},
         {"client_ca", nullable_text()},
         {"tls",
          object_of({{"policy", choice<TlsPolicyName>()}, {"min_version", one_of(versions)}, {"ciphers", texts()}})}});
}

JsonNode provisioning() {
    return object_of({{"enabled", typed("boolean")},
                      {"auth_type", auth_type()},
                      {"generate_identity", typed("boolean")},
                      {"presenter_identity", typed("boolean")},
                      {"ip_whitelisting", object_of({{"enabled", typed("boolean")}, {"allowed", texts()}})}});
}

JsonNode identity_format() {
    JsonNode length = JsonNode::object(
        {{"type", JsonNode::of("integer")}, {"minimum", JsonNode::number("0")}, {"maximum", JsonNode::number("255")}});
    return object_of({{"type", choice<IdentityType>()},
                      {"prefix", typed("string")},
                      {"options", object_of({{"casing", choice<Casing>()}, {"length", std::move(length)}})}});
}

JsonNode resource() {
    return object_of({{"format", choice<ResourceFormat>()},
                      {"unit", typed("string")},
                      {"settable", typed("boolean")},
                      {"sync", typed("boolean")},
                      {"allowed", JsonNode::object({{"type", JsonNode::of("array")}, {"items", scalar()}})},
                      {"initial", scalar_or_null()}});
}

JsonNode quirks() {
    return object_of({{"will", choice<Quirks::Will>()},
                      {"client_id", choice<Quirks::ClientId>()},
                      {"unentitled_publish", choice<Quirks::UnentitledPublish>()},
                      {"invalid_value", choice<Quirks::InvalidValue>()},
                      {"password_reply", choice<Quirks::PasswordReply>()},
                      {"provision_refusal", choice<Quirks::ProvisionRefusal>()},
                      {"patch_resources", choice<Quirks::PatchResources>()}});
}

JsonNode identity() {
    JsonNode expire = JsonNode::object({{"type", JsonNode::array_of({"integer", "null"})}});
    return object_of(
        {{"auth", object_of({{"type", auth_type()}, {"key", typed("string")}, {"expire", std::move(expire)}})},
         {"locked", typed("boolean")},
         {"state", map_of(scalar())}});
}

// What only a settings file may name.
void add_seeds(JsonNode& schema) {
    JsonNode more = *schema.find("properties");
    more.put("identities", map_of(identity()));
    JsonNode content =
        map_of(object_of({{"file", typed("string")}, {"text", typed("string")}, {"mime", typed("string")}}));
    content.put("properties", JsonNode::object({{"base_url", nullable_text()}}));
    more.put("content", std::move(content));
    more.put("faults", faults_schema());
    schema.put("properties", std::move(more));
}

}  // namespace

JsonNode faults_schema() {
    JsonNode fault = JsonNode::object({{"$ref", JsonNode::of("#/$defs/fault")}});
    return JsonNode::object({{"type", JsonNode::of("array")}, {"items", std::move(fault)}});
}

JsonNode connector_schema(bool seeds) {
    JsonNode schema = object_of(
        {{"name", typed("string")},
         {"description", typed("string")},
         {"protocol", protocol()},
         {"provisioning", provisioning()},
         {"identity_format", identity_format()},
         {"pki",
          object_of({{"enabled", typed("boolean")}, {"client_ca", nullable_text()}, {"vendor", JsonNode::object()}})},
         {"resources", map_of(resource())},
         {"quirks", quirks()},
         {"journal", object_of({{"packets", typed("boolean")}})},
         {"content", object_of({{"base_url", nullable_text()}})},
         {"fqdn", JsonNode::object()},
         {"events", JsonNode::object()}});
    if (seeds) add_seeds(schema);
    describe_connector(schema);
    return schema;
}

}  // namespace config
