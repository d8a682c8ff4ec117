#pragma once
// Judges the pauses between a device's attempts. [verdict.md 2, Backoff] Pure; any thread.

#include "server/verdict/moment.h"
#include "server/verdict/result.h"

#include <cstddef>
#include <span>

namespace verdict {

inline constexpr std::size_t first_sequence_attempts = 7;   // six pauses
inline constexpr std::size_t second_sequence_attempts = 9;  // eight pauses

// A pause runs from the end of one attempt to the beginning of the next. A judge that stops waiting after `longest`
// counts the unfinished pause as `longest`.
struct BackoffTerms {
    Moment longest = std::chrono::seconds(60);  // max_backoff_s: no pause counts as more, and reaching it passes
};

// Whether the first sequence alone passes, so that no second one is needed: a pause reached `longest`, or the late ones
// have grown. Of pauses that are not there yet the rule is sure where it holds with nothing in their place.
bool backs_off(std::span<const Moment> first, const BackoffTerms& terms);

// How long the pause behind `pauses` has to last at least, so that the first sequence passes whatever comes after it.
// `longest` at most; 0: it passes already.
Moment passes_after(std::span<const Moment> pauses, const BackoffTerms& terms);

// Both sequences together. `second` is empty where the first one decides. Fixed pauses of 30 s and more warn, although
// they do not grow: the rule for fixed pauses is the narrower one.
Result judge_backoff(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms);

// The two sequences agree pause by pause within 3 % or 20 ms, whichever is more: the device adds no randomness. Pauses
// that reached `longest` are left out, because their true length is unknown; at least two must remain.
bool without_jitter(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms);

// Two of these pauses do not agree: chance is at work, whatever comes after them.
bool with_jitter(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms);

}  // namespace verdict
