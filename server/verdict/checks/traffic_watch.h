#pragma once
// PKT-01 and DOS-01: packet ids, and the amount of traffic.

#include "server/verdict/watch.h"

namespace verdict {

std::unique_ptr<Watch> watch_packet_ids(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_flood(const Subject& subject, const Parameters& parameters);

}  // namespace verdict
