#pragma once
// The certificates that a client sent behind its own, which lead from it to an authority. [R58] A session in the cache
// keeps them; a ticket does not by itself, so they are put into it (encrypted, as all that is in a ticket).

#include <cstddef>
#include <string>

#include <openssl/types.h>

namespace net {

// At most so many certificates, and so many bytes of them in DER; what a client sends beyond that counts as not sent.
inline constexpr int longest_client_chain = 8;
inline constexpr std::size_t most_client_chain_bytes = 12 * 1024;

void keep_client_chains(SSL_CTX* context);

// PEM, in the order in which they were sent; of resumed sessions too. Empty: none was sent.
std::string client_chain_pem(SSL* ssl);

}  // namespace net
