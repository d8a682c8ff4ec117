#include "config/connector_seed_json.h"

#include "config/address.h"
#include "config/connector_settings_json.h"
#include "config/content_names.h"
#include "config/epoch_time.h"
#include "config/readable_file.h"
#include "config/resource_json.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

namespace config {

namespace {

// What a topic can name. The connector's identity_format is looked at when the identity is made. [R49]
bool is_identity(std::string_view text) {
    const auto odd = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || std::string_view("/+#\x7f").find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= 255 && std::none_of(text.begin(), text.end(), odd);
}

void read_expire(ObjectReader& reader, IdentitySeed& seed) {
    const JsonNode* node = reader.find("expire");
    if (node == nullptr || node->is(JsonNode::Kind::null)) return;
    std::int64_t value = 0;
    const char* const last = node->text.data() + node->text.size();
    const auto [end, error] = std::from_chars(node->text.data(), last, value);
    if (node->is(JsonNode::Kind::number) && error == std::errc() && end == last && value >= 0) {
        seed.expire_us = value;
        const std::string mistake = epoch_mistake(value);
        if (!mistake.empty())
            reader.context().error(node->offset, reader.path_of("expire"), node->text + " " + mistake);
    } else {
        reader.wrong(*node, reader.path_of("expire"), "microseconds since 1970, a whole number");
    }
}

// The key is a secret: no message may show it.
void read_key(ObjectReader& reader, std::string& key) {
    const JsonNode* node = reader.find("key");
    if (node == nullptr) return;
    if (node->is(JsonNode::Kind::string)) {
        key = node->text;
    } else {
        reader.context().error(node->offset, reader.path_of("key"), "expected a string");
    }
}

void read_auth(ObjectReader reader, AuthType default_type, IdentitySeed& seed) {
    if (reader.node() == nullptr) return;
    AuthType type = default_type;
    const JsonNode* node = reader.find("type");
    if (node != nullptr && node->is(JsonNode::Kind::string) && parse_auth_type(node->text)) {
        type = *parse_auth_type(node->text);
    } else {
        reader.read("type", type);
    }
    seed.auth_type = type;
    read_key(reader, seed.key);
    read_expire(reader, seed);
    const bool pem = seed.key.find("-----BEGIN CERTIFICATE-----") != std::string::npos;
    if (type == AuthType::certificate && !seed.key.empty() && !pem) {
        reader.context().error(reader.find("key")->offset, reader.path_of("key"), "expected a certificate in PEM");
    }
    reader.finish();
}

void read_state(const ObjectReader& reader, const Resources& resources, IdentitySeed& seed) {
    if (reader.node() == nullptr) return;
    for (const JsonMember& member : reader.node()->members) {
        const std::string path = reader.path_of(member.key);
        const auto definition = resources.find(member.key);
        if (definition == resources.end()) {
            reader.context().error(member.key_offset, path, "no resource of this connector");
            continue;
        }
        const std::optional<Scalar> value = scalar_of(member.value);
        if (value && fits(definition->second.format, *value)) {
            seed.state.emplace(member.key, *value);
        } else {
            reader.wrong(member.value, path, "a " + std::string(to_string(definition->second.format)));
        }
    }
}

IdentitySeed read_identity(ObjectReader reader, const ConnectorSettings& settings) {
    IdentitySeed seed;
    read_auth(reader.child("auth"), settings.provisioning.auth_type, seed);
    reader.read("locked", seed.locked);
    read_state(reader.child("state"), settings.resources, seed);
    reader.finish();
    return seed;
}

void read_identities(const ObjectReader& reader, ConnectorSeed& seed) {
    if (reader.node() == nullptr) return;
    std::set<std::string, std::less<>> tokens;
    for (const JsonMember& member : reader.node()->members) {
        const std::string path = reader.path_of(member.key);
        const ReadContext& context = reader.context();
        if (!is_identity(member.key)) {
            context.error(member.key_offset, path,
                          "no identity: 1 to 255 bytes without / + # and control characters [R49]");
        }
        IdentitySeed identity = read_identity(ObjectReader(&member.value, path, context), seed.settings);
        const bool token = identity.auth_type == AuthType::token && !identity.key.empty();
        if (token && !tokens.insert(identity.key).second) {  // a token alone must name its device [R10]
            context.error(member.value.offset, child_path(path, "auth"),
                          "another identity of this connector has the same token");
        }
        seed.identities.emplace(member.key, std::move(identity));
    }
}

std::string resolved(std::string_view folder, const std::string& file) {
    const std::filesystem::path path(file);
    return path.is_absolute() ? file : (std::filesystem::path(folder) / path).lexically_normal().string();
}

ContentSeed read_content_item(ObjectReader reader, std::string_view folder) {
    ContentSeed seed;
    std::string file;
    reader.read("file", file);
    reader.read("mime", seed.mime);
    if (!is_media_type(seed.mime)) {
        reader.context().error(reader.find("mime")->offset, reader.path_of("mime"), media_type_rule);
    }
    if (const JsonNode* node = reader.find("text"); node != nullptr) reader.read("text", seed.text.emplace());
    reader.finish();
    if (reader.node() == nullptr) return seed;
    const ReadContext& context = reader.context();
    if (file.empty() != seed.text.has_value()) {
        context.error(reader.node()->offset, reader.path(), "expected either \"file\" or \"text\"");
        return seed;
    }
    if (file.empty()) return seed;
    seed.file = resolved(folder, file);
    if (const std::string why = why_not_readable(seed.file); !why.empty()) {
        context.error(reader.find("file")->offset, reader.path_of("file"), seed.file + " " + why);
    }
    return seed;
}

void read_content(const ObjectReader& reader, std::string_view folder, ConnectorSeed& seed) {
    if (reader.node() == nullptr) return;
    for (const JsonMember& member : reader.node()->members) {
        if (member.key == "base_url" && !member.value.is(JsonNode::Kind::object)) continue;  // of the links to them
        const std::string path = reader.path_of(member.key);
        if (member.key.empty() || member.key.size() > 255) {
            reader.context().error(member.key_offset, path, "no name of a content item: 1 to 255 bytes");
        } else if (!is_content_id(member.key)) {
            reader.context().error(member.key_offset, path, content_id_rule);
        }
        seed.content.emplace(member.key, read_content_item({&member.value, path, reader.context()}, folder));
    }
}

}  // namespace

ConnectorSeeds read_connectors(const JsonNode& node, const std::string& path, const ConnectorSettings& defaults,
                               std::string_view folder, const ReadContext& context) {
    ConnectorSeeds seeds;
    const ObjectReader all(&node, path, context);
    if (all.node() == nullptr) return seeds;
    for (const JsonMember& member : node.members) {
        const std::string where = child_path(path, member.key);
        if (!is_connector_id(member.key)) {
            context.error(member.key_offset, where,
                          "no connector id: 1 to 63 lower-case letters, digits and hyphens [R3]");
        }
        ObjectReader reader(&member.value, where, context);
        ConnectorSeed seed;
        seed.settings = read_connector(reader, defaults);
        read_identities(reader.child("identities"), seed);
        read_content(reader.child("content"), folder, seed);
        reader.ignore("faults");  // see read_file_faults()
        reader.finish();
        seeds.emplace(member.key, std::move(seed));
    }
    return seeds;
}

namespace {

JsonNode to_masked_json(const IdentitySeed& seed) {
    JsonNode node = JsonNode::object();
    if (seed.auth_type) {
        JsonNode auth = JsonNode::object({{"type", JsonNode::of(to_string(*seed.auth_type))}});
        if (!seed.key.empty()) auth.put("key", JsonNode::of(masked_secret));
        if (seed.expire_us) auth.put("expire", JsonNode::number(std::to_string(*seed.expire_us)));
        node.put("auth", std::move(auth));
    }
    node.put("locked", JsonNode::of(seed.locked));
    JsonNode state = JsonNode::object();
    for (const auto& [alias, value] : seed.state) state.put(alias, to_json(value));
    if (!seed.state.empty()) node.put("state", std::move(state));
    return node;
}

JsonNode to_json(const ContentSeed& seed) {
    JsonNode node = JsonNode::object();
    if (seed.text) {
        node.put("text", JsonNode::of(*seed.text));
    } else {
        node.put("file", JsonNode::of(seed.file));
    }
    node.put("mime", JsonNode::of(seed.mime));
    return node;
}

}  // namespace

JsonNode to_masked_json(const ConnectorSeed& seed) {
    JsonNode node = to_json(seed.settings, ConnectorShape::full);
    JsonNode identities = JsonNode::object();
    for (const auto& [id, identity] : seed.identities) identities.members.push_back({id, 0, to_masked_json(identity)});
    node.put("identities", std::move(identities));
    JsonNode content = *node.find("content");
    for (const auto& [name, item] : seed.content) content.members.push_back({name, 0, to_json(item)});
    node.put("content", std::move(content));
    return node;
}

}  // namespace config
