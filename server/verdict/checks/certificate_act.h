#pragma once
// TLS-04 to TLS-07: certificates that a device must refuse. [verdict.md 3]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_untrusted_ca();   // TLS-04
std::unique_ptr<Act> act_wrong_name();     // TLS-05
std::unique_ptr<Act> act_expired();        // TLS-06
std::unique_ptr<Act> act_not_yet_valid();  // TLS-07; every act requires that the device comes back

}  // namespace verdict
