#include "server/net/tls/client_offer.h"

#include <array>
#include <string_view>
#include <vector>

#include <openssl/obj_mac.h>
#include <openssl/ssl.h>

namespace net {
namespace {

constexpr int most_names = 8;

struct Scheme {
    int code;  // IANA
    int auth;  // of a suite that it fits; NID_undef: of none that the server's certificates serve
    std::string_view name;
};

constexpr std::array<Scheme, 18> schemes{{
    {0x0403, NID_auth_ecdsa, "ecdsa_secp256r1_sha256"},
    {0x0503, NID_auth_ecdsa, "ecdsa_secp384r1_sha384"},
    {0x0603, NID_auth_ecdsa, "ecdsa_secp521r1_sha512"},
    {0x0303, NID_auth_ecdsa, "ecdsa_sha224"},
    {0x0203, NID_auth_ecdsa, "ecdsa_sha1"},
    {0x0804, NID_auth_rsa, "rsa_pss_rsae_sha256"},
    {0x0805, NID_auth_rsa, "rsa_pss_rsae_sha384"},
    {0x0806, NID_auth_rsa, "rsa_pss_rsae_sha512"},
    {0x0401, NID_auth_rsa, "rsa_pkcs1_sha256"},
    {0x0501, NID_auth_rsa, "rsa_pkcs1_sha384"},
    {0x0601, NID_auth_rsa, "rsa_pkcs1_sha512"},
    {0x0301, NID_auth_rsa, "rsa_pkcs1_sha224"},
    {0x0201, NID_auth_rsa, "rsa_pkcs1_sha1"},
    {0x0807, NID_undef, "ed25519"},
    {0x0808, NID_undef, "ed448"},
    {0x0809, NID_undef, "rsa_pss_pss_sha256"},
    {0x080a, NID_undef, "rsa_pss_pss_sha384"},
    {0x080b, NID_undef, "rsa_pss_pss_sha512"},
}};

const Scheme* find_scheme(int code) {
    for (const Scheme& known : schemes)
        if (known.code == code) return &known;
    return nullptr;
}

std::string hex_code(int code) {
    std::string text = "0x";
    for (int shift = 12; shift >= 0; shift -= 4) text += "0123456789abcdef"[(code >> shift) & 15];
    return text;
}

std::vector<int> scheme_codes(const SSL* ssl) {
    std::vector<int> codes;
    // SSL_get_sigalgs does not change the SSL, but is declared as if.
    auto* changeable = const_cast<SSL*>(ssl);
    const int count = SSL_get_sigalgs(changeable, -1, nullptr, nullptr, nullptr, nullptr, nullptr);
    for (int i = 0; i < count; ++i) {
        unsigned char low = 0;
        unsigned char high = 0;
        SSL_get_sigalgs(changeable, i, nullptr, nullptr, nullptr, &low, &high);
        codes.push_back(high << 8 | low);
    }
    return codes;
}

template <typename NameOf>
std::string first_names(int count, const NameOf& name_of) {
    std::string text;
    for (int i = 0; i < count && i < most_names; ++i) text += (i == 0 ? "" : ", ") + name_of(i);
    if (count > most_names) text += ", ...";
    return text;
}

// The server's certificates, and so its suites, are of two kinds: ECDSA and RSA.
bool fits_a_scheme(const SSL_CIPHER* suite, const std::vector<int>& codes) {
    if (codes.empty()) return true;  // the client leaves it to the server (RFC 5246, 7.4.1.4.1)
    for (const int code : codes) {
        const Scheme* scheme = find_scheme(code);
        if (scheme != nullptr && scheme->auth == SSL_CIPHER_get_auth_nid(suite)) return true;
    }
    return false;
}

// Suites of TLS 1.3 fix no kind of certificate.
bool is_before_tls_1_3(const SSL_CIPHER* suite) {
    return SSL_CIPHER_get_auth_nid(suite) != NID_auth_any;
}

bool contains(const STACK_OF(SSL_CIPHER) * suites, const SSL_CIPHER* wanted) {
    for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i)
        if (SSL_CIPHER_get_id(sk_SSL_CIPHER_value(suites, i)) == SSL_CIPHER_get_id(wanted)) return true;
    return false;
}

}  // namespace

std::string offered_suites(const SSL* ssl) {
    const STACK_OF(SSL_CIPHER)* suites = SSL_get_client_ciphers(ssl);
    return first_names(suites == nullptr ? 0 : sk_SSL_CIPHER_num(suites),
                       [suites](int i) { return std::string(SSL_CIPHER_get_name(sk_SSL_CIPHER_value(suites, i))); });
}

std::string offered_signature_algorithms(const SSL* ssl) {
    const auto codes = scheme_codes(ssl);
    return first_names(static_cast<int>(codes.size()), [&codes](int i) {
        const int code = codes[static_cast<std::size_t>(i)];
        const Scheme* scheme = find_scheme(code);
        return scheme == nullptr ? hex_code(code) : std::string(scheme->name);
    });
}

std::string offered_groups(SSL* ssl) {
    // The macro SSL_get1_groups spelled out, for its C cast.
    const long count = SSL_ctrl(ssl, SSL_CTRL_GET_GROUPS, 0, nullptr);
    if (count <= 0) return "";
    std::vector<int> groups(static_cast<std::size_t>(count));
    SSL_ctrl(ssl, SSL_CTRL_GET_GROUPS, 0, groups.data());
    return first_names(static_cast<int>(count), [&groups, ssl](int i) {
        const int group = groups[static_cast<std::size_t>(i)];
        const char* name = SSL_group_to_name(ssl, group);
        return name == nullptr ? hex_code(group & 0xFFFF) : std::string(name);
    });
}

NotShared what_rules_out_the_suites(const SSL* ssl) {
    const STACK_OF(SSL_CIPHER)* offered = SSL_get_client_ciphers(ssl);
    const STACK_OF(SSL_CIPHER)* ours = SSL_get_ciphers(ssl);
    const auto codes = scheme_codes(ssl);
    bool shared = false;
    for (int i = 0; offered != nullptr && i < sk_SSL_CIPHER_num(offered); ++i) {
        const SSL_CIPHER* suite = sk_SSL_CIPHER_value(offered, i);
        if (!is_before_tls_1_3(suite) || !contains(ours, suite)) continue;
        shared = true;
        if (fits_a_scheme(suite, codes)) return NotShared::group;
    }
    return shared ? NotShared::signature_algorithm : NotShared::suite;
}

}  // namespace net
