#pragma once
// The acts that take the device's credential away: PRV-03 to PRV-06. [R48, R52, R53, R63]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_new_credential();    // PRV-03
std::unique_ptr<Act> act_lost_reply();        // PRV-04
std::unique_ptr<Act> act_cut_provisioning();  // PRV-05
std::unique_ptr<Act> act_revoked();           // PRV-06

}  // namespace verdict
