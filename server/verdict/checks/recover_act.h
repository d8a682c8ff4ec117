#pragma once
// Acts that break a live connection and require that the device notices and comes back: TLS-11, CON-06, KA-02, KA-03,
// KA-04. [verdict.md 3]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_stalled_handshake();  // TLS-11
std::unique_ptr<Act> act_outage();             // CON-06
std::unique_ptr<Act> act_no_pingresp();        // KA-02
std::unique_ptr<Act> act_black_hole();         // KA-03
std::unique_ptr<Act> act_forgotten();          // KA-04

}  // namespace verdict
