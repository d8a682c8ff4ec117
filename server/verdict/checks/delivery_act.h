#pragma once
// The acts about reports that were not acknowledged or could not be sent: PUB-05, PUB-09.

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_lost_puback();     // PUB-05
std::unique_ptr<Act> act_stored_reports();  // PUB-09

}  // namespace verdict
