#pragma once
// The acts that send what no server should, ROB-01 and ROB-02; and the power cut during a report, ROB-03.

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_malformed();           // ROB-01
std::unique_ptr<Act> act_random_corruptions();  // ROB-02
std::unique_ptr<Act> act_powerless_report();    // ROB-03

}  // namespace verdict
