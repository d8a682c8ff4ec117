#pragma once
// Records refused requests of the device port in the journal: most devices show their answer to nobody. [R60]

#include "server/api/base/exchange.h"
#include "server/api/base/services.h"

namespace api {

// At most 20 per connection, and one that says so: a client that only sends bad requests must not push everything else
// out of the journal. `services` outlives the result.
OnRefused tell_refusals(Services& services);

}  // namespace api
