#pragma once
// PKT-01 and DOS-01: packet ids, and how much the device sends.

#include "server/verdict/watch.h"

namespace verdict {

std::unique_ptr<Watch> watch_packet_ids(const Subject& subject, const Parameters& parameters);
std::unique_ptr<Watch> watch_flood(const Subject& subject, const Parameters& parameters);

}  // namespace verdict
