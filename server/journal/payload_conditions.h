#pragma once
// What an event or a packet must say, as JSON: `equals`, `contains`, `regex`, `jsonpath`. Of /wait and of faults.

#include "config/object_reader.h"
#include "server/journal/payload_match.h"

namespace journal {

// Reads these four keys of the object; mistakes go to the reader's problems. Does not call finish().
void read_payload_conditions(config::ObjectReader& from, PayloadMatch& match);

}  // namespace journal
