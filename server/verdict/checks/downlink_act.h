#pragma once
// The acts that send something to the device: RX-01 to RX-07. [R41, R42]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_set_at_connect();        // RX-01
std::unique_ptr<Act> act_set_while_away();        // RX-02
std::unique_ptr<Act> act_refused_subscription();  // RX-03
std::unique_ptr<Act> act_disturbed_downlinks();   // RX-04
std::unique_ptr<Act> act_downlink_sizes();        // RX-05
std::unique_ptr<Act> act_segments();              // RX-06
std::unique_ptr<Act> act_unknown_downlinks();     // RX-07

}  // namespace verdict
