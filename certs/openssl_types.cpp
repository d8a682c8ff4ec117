#include "certs/openssl_types.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace certs {

void OpenSslFree::operator()(X509* p) const noexcept {
    X509_free(p);
}
void OpenSslFree::operator()(EVP_PKEY* p) const noexcept {
    EVP_PKEY_free(p);
}
void OpenSslFree::operator()(BIO* p) const noexcept {
    BIO_free_all(p);
}
void OpenSslFree::operator()(SSL_CTX* p) const noexcept {
    SSL_CTX_free(p);
}

X509Ptr share(X509* certificate) {
    X509_up_ref(certificate);
    return X509Ptr(certificate);
}

PkeyPtr share(EVP_PKEY* key) {
    EVP_PKEY_up_ref(key);
    return PkeyPtr(key);
}

}  // namespace certs
