#pragma once
// The acts about sessions: lost (SES-01), too old (SES-03), taken over by a peer (SES-04). [R17 to R22]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_lost_session();  // SES-01
std::unique_ptr<Act> act_old_session();   // SES-03
std::unique_ptr<Act> act_taken_over();    // SES-04

}  // namespace verdict
