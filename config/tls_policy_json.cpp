#include "config/tls_policy_json.h"

#include "certs/cipher_suites.h"
#include "certs/tls_policy.h"
#include "config/nearest.h"

#include <algorithm>
#include <vector>

namespace config {

namespace {

std::string nearest_suite(std::string_view name) {
    std::vector<std::string_view> names;
    for (const certs::CipherSuite& suite : certs::cipher_suites()) {
        if (suite.insecure) continue;
        names.push_back(suite.name);
        names.push_back(suite.iana_name);
    }
    const auto meant = nearest(name, names);
    return meant ? "; did you mean \"" + *meant + "\"?" : ", such as ECDHE-RSA-AES128-GCM-SHA256";
}

// False, and reported, where it is none that can be used.
bool check_suite(const ObjectReader& reader, const JsonNode& item, const std::string& path) {
    const certs::CipherSuite* suite = certs::find_cipher_suite(item.text);
    if (suite != nullptr && !suite->insecure) return true;
    if (!reader.context().problems.wants_errors()) {  // it is only counted: no need to look for the nearest
        reader.context().error(item.offset, path, "");
    } else if (suite != nullptr) {
        reader.wrong(item, path, "a cipher suite that is secure: this one is never used");
    } else {
        reader.wrong(item, path, "a cipher suite by its OpenSSL or IANA name" + nearest_suite(item.text));
    }
    return false;
}

bool check_suites(const ObjectReader& reader, const JsonNode& node) {
    if (!node.is(JsonNode::Kind::array)) return false;  // reported before
    const std::string path = reader.path_of("ciphers");
    bool all = true;
    std::vector<const certs::CipherSuite*> seen;  // no more than OpenSSL has
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const JsonNode& item = node.items[i];
        if (!item.is(JsonNode::Kind::string)) return false;  // reported before
        if (!check_suite(reader, item, item_path(path, i))) {
            all = false;
            continue;
        }
        const auto* suite = certs::find_cipher_suite(item.text);
        if (std::find(seen.begin(), seen.end(), suite) != seen.end()) {
            reader.wrong(item, item_path(path, i), "list each cipher suite once: this one occurs before");
            all = false;
        }
        seen.push_back(suite);
    }
    return all;
}

void read_min_version(ObjectReader& reader, TlsPolicy& tls) {
    const JsonNode* node = reader.find("min_version");
    if (node == nullptr) return;
    if (node->is(JsonNode::Kind::string) && node->text.empty()) {
        tls.min_version.clear();
    } else if (const std::string_view* name = reader.chosen("min_version", *node, tls_versions())) {
        tls.min_version = *name;
    }
}

// A policy that has a name brings its own version and suites; those of defaults with a custom policy do not count.
void check_named(ObjectReader& reader, TlsPolicy& tls) {
    tls.min_version.clear();
    tls.ciphers.clear();
    for (const std::string_view key : {"min_version", "ciphers"}) {
        const JsonNode* node = reader.find(key);
        if (node == nullptr || (node->text.empty() && node->items.empty())) continue;
        reader.context().error(node->offset, reader.path_of(key),
                               "counts only with \"policy\": \"custom\", and the policy is \"" +
                                   std::string(to_string(tls.name)) + "\": change that, or leave this out");
    }
}

void check_custom(const ObjectReader& reader, const TlsPolicy& tls, const JsonNode* ciphers) {
    const std::string error = certs::custom_tls_policy(tls.min_version, tls.ciphers).error;
    const JsonNode& place = ciphers != nullptr ? *ciphers : *reader.node();
    if (!error.empty()) reader.context().error(place.offset, reader.path_of("ciphers"), error);
}

}  // namespace

void read_tls_policy(ObjectReader reader, TlsPolicy& tls) {
    if (reader.node() == nullptr) return;
    reader.read("policy", tls.name);
    read_min_version(reader, tls);
    reader.read("ciphers", tls.ciphers);
    const JsonNode* ciphers = reader.find("ciphers");
    reader.finish();
    if (tls.name != TlsPolicyName::custom) {
        check_named(reader, tls);
    } else if (ciphers == nullptr || check_suites(reader, *ciphers)) {
        check_custom(reader, tls, ciphers);
    }
}

void leave_custom_tls(JsonNode& settings, const JsonNode& patch) {
    const JsonNode* protocol = patch.find("protocol");
    const JsonNode* tls = protocol != nullptr ? protocol->find("tls") : nullptr;
    const JsonNode* policy = tls != nullptr ? tls->find("policy") : nullptr;
    if (policy == nullptr || policy->text == to_string(TlsPolicyName::custom)) return;
    JsonNode* place = &settings;
    for (const std::string_view key : {"protocol", "tls"}) {
        const auto member = std::find_if(place->members.begin(), place->members.end(),
                                         [key](const JsonMember& one) { return one.key == key; });
        if (member == place->members.end()) return;
        place = &member->value;
    }
    place->erase("min_version");
    place->erase("ciphers");
}

}  // namespace config
