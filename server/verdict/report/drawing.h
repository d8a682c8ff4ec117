#pragma once
// An act's turn as SVG in the HTML report: a timeline, and the pauses between attempts. Pure; any thread.

#include "server/verdict/run.h"

#include <string>

namespace verdict {

// Empty: nothing happened in its turn, or it had none.
std::string timeline_svg(const CheckView& check);
// Beside pauses that double up to `max_backoff`. Empty: fewer than two pauses, or not an act about them.
std::string pauses_svg(const CheckView& check, Moment max_backoff);

// Styles of the drawings' classes, in the page's colours.
inline constexpr const char* drawing_style =
    "svg{display:block;margin:.4rem 0 0;max-width:100%;height:auto}svg text{font-size:11px;fill:#57606a}"
    ".open{fill:#8c959f}.let{fill:#2da44e}.ref{fill:#cf222e}.came{stroke:#0969da}.left{stroke:#8250df}"
    ".fault{fill:#bf8700}.pause{fill:#0969da}.env{fill:none;stroke:#bf8700;stroke-dasharray:4 3}";

}  // namespace verdict
