#pragma once
// How long an act takes with a device of a given pace: shown before a run begins, updated while it runs. [verdict.md 1]
// Pure; any thread.

#include "server/verdict/check_table.h"

namespace verdict {

// As far as it is known of the device; short pauses, until one was seen.
struct Pace {
    Moment first_pause = std::chrono::milliseconds(70);
    Moment keep_alive = std::chrono::seconds(60);
    Moment report_interval{0};  // 0: no reports seen
    bool asks_content = false;
};

// For the act of this row; approximate, because most of it depends on the device. A watch check takes no time.
Moment estimate(const CheckRow& row, const Pace& pace, const Parameters& parameters);

}  // namespace verdict
