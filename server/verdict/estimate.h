#pragma once
// How long an act takes with a device of some pace: told before a run begins, and kept up to date. [verdict.md 1] Pure;
// any thread.

#include "server/verdict/check_table.h"

namespace verdict {

// As far as it is known of the device.
struct Pace {
    Moment first_pause = std::chrono::seconds(2);
    Moment keep_alive = std::chrono::seconds(60);
    Moment report_interval{0};  // 0: it is not known to report
    bool asks_content = false;
};

// Of one act whose row this is; roughly, since most of it is what the device does by itself. A watch check takes none.
Moment estimate(const CheckRow& row, const Pace& pace, const Parameters& parameters);

}  // namespace verdict
