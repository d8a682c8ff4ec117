#pragma once
// The acts about content: the list, and downloads that are cut, damaged, refused or slow. [R60 to R62]

#include "server/verdict/act.h"

namespace verdict {

std::unique_ptr<Act> act_content_lists();       // CNT-01
std::unique_ptr<Act> act_damaged_content();     // CNT-02
std::unique_ptr<Act> act_cut_download();        // CNT-03
std::unique_ptr<Act> act_refused_download();    // CNT-04
std::unique_ptr<Act> act_slow_download();       // CNT-05
std::unique_ptr<Act> act_powerless_download();  // CNT-06

}  // namespace verdict
