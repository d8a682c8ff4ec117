#pragma once
// Acts that make the connection strange or slow and require that the device still works: TLS-08 to TLS-10, CON-07,
// PUB-10. [verdict.md 3]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_large_chain();   // TLS-08
std::unique_ptr<Act> act_record_sizes();  // TLS-09
std::unique_ptr<Act> act_rotated_key();   // TLS-10
std::unique_ptr<Act> act_late_connack();  // CON-07
std::unique_ptr<Act> act_slow_network();  // PUB-10

}  // namespace verdict
