#pragma once
// Judges the pauses between a device's attempts. [verdict.md 2, Backoff] Pure; any thread.

#include "server/verdict/moment.h"
#include "server/verdict/result.h"

#include <cstddef>
#include <span>

namespace verdict {

inline constexpr std::size_t first_sequence_attempts = 7;   // six pauses
inline constexpr std::size_t second_sequence_attempts = 9;  // eight pauses

// A pause runs from the end of one attempt to the begin of the next. A judge that waits no longer than `longest` enters
// a pause that did not end as one of `longest`.
struct BackoffTerms {
    Moment longest = std::chrono::seconds(60);  // max_backoff_s: a pause counts as at most this, and reaching it passes
};

// Whether the first sequence alone passes, so that no second one is needed. A pause that reached `longest` may be the
// last of a sequence that is shorter than six.
bool backs_off(std::span<const Moment> first, const BackoffTerms& terms);

// Both sequences together. `second` is empty where the first one decides. Fixed pauses of 30 s and more warn, although
// they do not grow: the rule for fixed pauses is the narrower one.
Result judge_backoff(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms);

// Two sequences that agree pause by pause within 3 % or 20 ms, whichever is more: the device adds nothing by chance.
// Pauses that reached `longest` are left out, since their true length is not known; two at least must be left.
bool without_jitter(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms);

}  // namespace verdict
