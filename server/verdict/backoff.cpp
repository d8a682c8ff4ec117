#include "server/verdict/backoff.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <vector>

namespace verdict {

namespace {

using std::chrono::milliseconds;
constexpr Moment one_second = std::chrono::seconds(1);
constexpr Moment fixed_but_slow = std::chrono::seconds(30);
constexpr Moment long_first_pause = std::chrono::seconds(60);
constexpr std::size_t first_sequence_pauses = first_sequence_attempts - 1;
constexpr std::size_t late_pauses = 3;

using Pauses = std::vector<Moment>;

Pauses counted(std::span<const Moment> pauses, const BackoffTerms& terms) {
    Pauses result;
    std::ranges::transform(pauses, std::back_inserter(result),
                           [&](Moment pause) { return std::min(pause, terms.longest); });
    return result;
}

std::span<const Moment> head(std::span<const Moment> pauses) {
    return pauses.first(std::min<std::size_t>(2, pauses.size()));
}
std::span<const Moment> tail(std::span<const Moment> pauses) {
    return pauses.last(std::min<std::size_t>(late_pauses, pauses.size()));
}

double mean(const Pauses& pauses) {
    if (pauses.empty()) return 0;
    Moment sum{0};
    for (const Moment pause : pauses) sum += pause;
    return seconds(sum) / static_cast<double>(pauses.size());
}

bool any_reaches(std::span<const Moment> pauses, Moment length) {
    return std::ranges::any_of(pauses, [&](Moment pause) { return pause >= length; });
}

// Both sequences, seen as the rule sees them.
struct Both {
    Pauses all;
    Pauses early;
    Pauses late;

    void add(std::span<const Moment> pauses) {
        all.insert(all.end(), pauses.begin(), pauses.end());
        early.insert(early.end(), head(pauses).begin(), head(pauses).end());
        late.insert(late.end(), tail(pauses).begin(), tail(pauses).end());
    }
    Moment shortest() const { return std::ranges::min(all); }
    Moment longest() const { return std::ranges::max(all); }
    bool grows_by(double factor) const { return mean(late) >= factor * mean(early); }
    bool fixed() const { return longest() < std::chrono::duration_cast<Moment>(shortest() * 1.1) + milliseconds(20); }
};

std::string pauses_text(const Both& both) {
    return "Its pauses were " + seconds_text(both.shortest()) + " to " + seconds_text(both.longest()) + ", " +
           seconds_text(Moment(static_cast<std::int64_t>(mean(both.early) * 1e6))) + " on average at first and " +
           seconds_text(Moment(static_cast<std::int64_t>(mean(both.late) * 1e6))) + " later";
}

constexpr const char* double_the_pause =
    "Double the pause each time, to at least 60 s, and spread it by chance: a thousand devices do this together after "
    "an outage.";

Result judged(const Both& both, bool passes) {
    const std::string pauses = pauses_text(both);
    if (passes) return passed(pauses + ".");
    if (both.fixed() && both.shortest() >= fixed_but_slow)
        return warned(pauses + ": they do not grow, but they are long.", double_the_pause);
    if (!any_reaches(both.late, one_second))
        return failed(pauses + ": none of the last ones reached 1 s.", double_the_pause);
    if (!both.grows_by(1.5)) {
        const std::string text = pauses + ": they do not grow.";
        return both.longest() < 3 * both.shortest() ? failed(text, double_the_pause) : warned(text, double_the_pause);
    }
    return passed(pauses + ".");
}

// Nothing in the place of the pauses that are still to come: no pause can be shorter.
Both at_least(std::span<const Moment> first, const BackoffTerms& terms) {
    Pauses all = counted(first, terms);
    all.resize(std::max(all.size(), first_sequence_pauses), Moment{0});
    Both one;
    one.add(all);
    return one;
}

struct Compared {
    std::size_t pairs = 0;
    bool differ = false;
};

Compared compare(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms) {
    Compared result;
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
        if (first[i] >= terms.longest || second[i] >= terms.longest) continue;
        const Moment apart = std::max(first[i], second[i]) - std::min(first[i], second[i]);
        if (apart > std::max<Moment>(milliseconds(20), std::max(first[i], second[i]) * 3 / 100)) result.differ = true;
        ++result.pairs;
    }
    return result;
}

}  // namespace

bool backs_off(std::span<const Moment> first, const BackoffTerms& terms) {
    if (any_reaches(first, terms.longest)) return true;
    const Both one = at_least(first, terms);
    return one.grows_by(3) && any_reaches(one.late, one_second);
}

Moment passes_after(std::span<const Moment> pauses, const BackoffTerms& terms) {
    if (backs_off(pauses, terms)) return Moment{0};
    const bool next_is_late = pauses.size() + late_pauses >= first_sequence_pauses;
    if (!next_is_late || pauses.size() >= first_sequence_pauses) return terms.longest;
    const Both so_far = at_least(pauses, terms);
    const double lacking = static_cast<double>(late_pauses) * (3 * mean(so_far.early) - mean(so_far.late));
    Moment length(static_cast<std::int64_t>(std::max(0.0, lacking) * 1e6) + 2);  // above what rounding takes away
    if (!any_reaches(so_far.late, one_second)) length = std::max(length, one_second);
    return std::min(length, terms.longest);
}

Result judge_backoff(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms) {
    if (first.empty()) return not_run("The device was never seen trying again.");
    Both both;
    both.add(counted(first, terms));
    both.add(counted(second, terms));
    const bool passes = backs_off(first, terms) || any_reaches(second, terms.longest);
    Result result = judged(both, passes);
    if (result.outcome == Outcome::passed && first.front() > long_first_pause)
        result = warned("Its first pause was " + seconds_text(first.front()) + ".",
                        "Begin with a pause of a second or two, so that a short outage stays short.");
    result.measured = {{"pauses", static_cast<double>(both.all.size())},
                       {"first_pause_s", seconds(first.front())},
                       {"shortest_pause_s", seconds(both.shortest())},
                       {"longest_pause_s", seconds(both.longest())},
                       {"early_mean_s", mean(both.early)},
                       {"late_mean_s", mean(both.late)}};
    return result;
}

bool without_jitter(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms) {
    const Compared compared = compare(first, second, terms);
    return !compared.differ && compared.pairs >= 2;
}

bool with_jitter(std::span<const Moment> first, std::span<const Moment> second, const BackoffTerms& terms) {
    return compare(first, second, terms).differ;
}

}  // namespace verdict
