#pragma once
// OpenSSL's view of a RawWire.

#include "server/net/raw_wire.h"

#include <openssl/types.h>

namespace net {

// A source and sink on the wire, which must outlive it. Null if memory runs out.
BIO* new_wire_bio(RawWire& wire);

}  // namespace net
