#pragma once
// The chain that a client sent after its certificate. [R58] A cached session keeps it; a ticket does not by itself, so
// it is added to the ticket (encrypted like the rest).

#include <cstddef>
#include <string>

#include <openssl/types.h>

namespace net {

// Limits on the number of certificates and their DER bytes; certificates beyond them count as not sent.
inline constexpr int longest_client_chain = 8;
inline constexpr std::size_t most_client_chain_bytes = 12 * 1024;

void keep_client_chains(SSL_CTX* context);

// PEM, in the order sent; of resumed sessions too. Empty: none was sent.
std::string client_chain_pem(SSL* ssl);

}  // namespace net
