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
    return pauses.last(std::min<std::size_t>(3, pauses.size()));
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

}  // namespace

bool backs_off(std::span<const Moment> first, const BackoffTerms& terms) {
    if (any_reaches(first, terms.longest)) return true;
    Both one;
    one.add(counted(first, terms));
    return first.size() + 1 >= first_sequence_attempts && one.grows_by(3) && any_reaches(tail(first), one_second);
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
    std::size_t compared = 0;
    for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
        if (first[i] >= terms.longest || second[i] >= terms.longest) continue;
        const Moment apart = std::max(first[i], second[i]) - std::min(first[i], second[i]);
        if (apart > std::max<Moment>(milliseconds(20), std::max(first[i], second[i]) * 3 / 100)) return false;
        ++compared;
    }
    return compared >= 2;
}

}  // namespace verdict
