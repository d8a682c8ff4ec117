#pragma once
// Owning pointers for OpenSSL's objects. The deleters are in the .cpp, so that including this file is cheap.

#include <memory>
#include <vector>

#include <openssl/types.h>

namespace certs {

struct OpenSslFree {
    void operator()(X509* p) const noexcept;
    void operator()(EVP_PKEY* p) const noexcept;
    void operator()(BIO* p) const noexcept;
    void operator()(SSL_CTX* p) const noexcept;
};

using X509Ptr = std::unique_ptr<X509, OpenSslFree>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, OpenSslFree>;
using BioPtr = std::unique_ptr<BIO, OpenSslFree>;
using SslCtxPtr = std::unique_ptr<SSL_CTX, OpenSslFree>;

using Chain = std::vector<X509Ptr>;

// Another owner of the same certificate or key (reference counted by OpenSSL).
X509Ptr share(X509* certificate);
PkeyPtr share(EVP_PKEY* key);

}  // namespace certs
