#pragma once
// Tells the journal what was refused on the device port: most devices show nobody the answer they get. [R60]

#include "server/api/base/exchange.h"
#include "server/api/base/services.h"

namespace api {

// At most 20 for one connection, and one more that says so: a client that sends nothing else must not push everything
// else out of the journal. `services` outlives the result.
OnRefused tell_refusals(Services& services);

}  // namespace api
