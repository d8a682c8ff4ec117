#pragma once
// Conditions on an event or packet, in JSON: `equals`, `contains`, `regex`, `jsonpath`. For /wait and faults.

#include "config/object_reader.h"
#include "server/journal/payload_match.h"

namespace journal {

// Reads these four keys of the object; mistakes are added to the reader's problems. Does not call finish().
void read_payload_conditions(config::ObjectReader& from, PayloadMatch& match);

}  // namespace journal
