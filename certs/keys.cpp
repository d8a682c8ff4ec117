#include "certs/keys.h"

#include "certs/error.h"
#include "certs/files.h"
#include "certs/pem.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

namespace certs {
namespace {

PkeyPtr parse_key(const std::filesystem::path& file, const std::string& text) {
    if (PkeyPtr key = key_from_pem(text)) return key;
    if (text.find("ENCRYPTED") != std::string::npos)
        throw Error(file.string() + " is an encrypted private key; give one without a pass phrase");
    throw Error(file.string() + " does not hold a private key in PEM");
}

}  // namespace

PkeyPtr generate_key(KeyKind kind) {
    PkeyPtr key(kind == KeyKind::ecdsa_p256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048U));
    require(key != nullptr, "cannot make a key pair");
    return key;
}

PkeyPtr load_or_generate_key(const std::filesystem::path& file, KeyKind kind) {
    if (const auto text = read_file_if_there(file)) {
        PkeyPtr key = parse_key(file, *text);
        if (EVP_PKEY_is_a(key.get(), kind == KeyKind::ecdsa_p256 ? "EC" : "RSA") != 1)
            throw Error(file.string() + " contains another kind of key; delete it, and a new one is made");
        return key;
    }
    PkeyPtr key = generate_key(kind);
    write_atomically(file, to_pem(key.get()), FileMode::private_key);
    return key;
}

PkeyPtr load_key(const std::filesystem::path& file) {
    return parse_key(file, read_file(file));
}

bool belongs_to(EVP_PKEY* key, X509* certificate) {
    const bool same = X509_check_private_key(certificate, key) == 1;
    ERR_clear_error();
    return same;
}

}  // namespace certs
