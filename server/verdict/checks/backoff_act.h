#pragma once
// The acts that refuse a device repeatedly and judge its pauses: CON-02, CON-03, CON-04, CON-05. [verdict.md 2]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_connack_refused();  // CON-02
std::unique_ptr<Act> act_no_connack();       // CON-03
std::unique_ptr<Act> act_dropped_early();    // CON-04
std::unique_ptr<Act> act_tcp_refused();      // CON-05

}  // namespace verdict
