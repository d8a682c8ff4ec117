#include "server/verdict/estimate.h"

#include "server/verdict/backoff.h"

#include <algorithm>
#include <array>
#include <vector>

namespace verdict {

namespace {

using std::chrono::seconds;

// How often an act waits for what.
struct Cost {
    std::string_view id;
    int backoffs = 0;  // sequences of attempts that are refused at once, until the rule passes
    int silences = 0;  // the same, of attempts that the device has to give up
    int rounds = 0;    // it is disconnected, refused `failures` times, let in, and reports
    int failures = 0;
    int given_up = 0;  // attempts and reports without an answer
    int keep_alives = 0;
    int reports = 0;
    int looks = 0;  // for content
    int outages = 0;
    seconds fixed{0};
};

constexpr std::array costs = std::to_array<Cost>({
    {.id = "TLS-04", .rounds = 1, .failures = 2},
    {.id = "TLS-05", .rounds = 1, .failures = 2},
    {.id = "TLS-06", .rounds = 1, .failures = 2},
    {.id = "TLS-07", .rounds = 1, .failures = 2},
    {.id = "TLS-08", .rounds = 1},
    {.id = "TLS-09", .rounds = 1, .fixed = seconds(5)},
    {.id = "TLS-10", .rounds = 1},
    {.id = "TLS-11", .rounds = 1, .failures = 1, .given_up = 1},
    {.id = "PRV-03", .rounds = 2},
    {.id = "PRV-04", .silences = 1, .rounds = 1},
    {.id = "PRV-05", .rounds = 2, .failures = 1},
    {.id = "PRV-06", .rounds = 1, .failures = 1},
    {.id = "CON-02", .backoffs = 1, .rounds = 4, .failures = 3},
    {.id = "CON-03", .silences = 1, .rounds = 1, .failures = 1, .given_up = 1},
    {.id = "CON-04", .rounds = 1, .failures = 5},
    {.id = "CON-05", .backoffs = 1, .rounds = 2, .failures = 2, .given_up = 2},
    {.id = "CON-06", .rounds = 2, .outages = 1},
    {.id = "CON-07", .rounds = 1, .fixed = seconds(3)},
    {.id = "KA-02", .rounds = 1, .keep_alives = 2},
    {.id = "KA-03", .rounds = 1, .given_up = 1, .reports = 1},
    {.id = "KA-04", .rounds = 1, .reports = 1},
    {.id = "PUB-05", .rounds = 1, .given_up = 1, .reports = 1},
    {.id = "PUB-09", .rounds = 1, .reports = 3, .outages = 1},
    {.id = "PUB-10", .rounds = 2, .fixed = seconds(35)},
    {.id = "RX-01", .rounds = 2},
    {.id = "RX-02", .rounds = 2},
    {.id = "RX-03", .rounds = 1, .fixed = seconds(10)},
    {.id = "RX-04", .rounds = 1, .fixed = seconds(15)},
    {.id = "RX-05", .reports = 5},
    {.id = "RX-06", .reports = 2},
    {.id = "RX-07", .reports = 2},
    {.id = "SES-01", .rounds = 1, .fixed = seconds(10)},
    {.id = "SES-03", .rounds = 1},
    {.id = "SES-04", .rounds = 1, .failures = 3, .fixed = seconds(10)},
    {.id = "CNT-01", .looks = 3, .fixed = seconds(15)},
    {.id = "CNT-02", .looks = 5},
    {.id = "CNT-03", .looks = 1, .fixed = seconds(10)},
    {.id = "CNT-04", .looks = 8, .fixed = seconds(50)},
    {.id = "CNT-05", .looks = 1, .fixed = seconds(30)},
    {.id = "CNT-06", .rounds = 2, .looks = 2, .fixed = seconds(20)},
    {.id = "ROB-01", .rounds = 14},
    {.id = "ROB-03", .rounds = 2, .reports = 1},
});

constexpr Moment gives_up_after = seconds(10);  // an attempt without an answer; one Keep Alive, where that is less
constexpr Moment looks_every = seconds(15);     // for content
constexpr Moment connects_within = std::chrono::milliseconds(200);
constexpr Moment settles_within = seconds(5);  // a device that reports nothing is taken to have taken it
constexpr Moment longest_pause = seconds(60);

// The pauses after so many failures in a row: they double.
Moment doubled(const Pace& pace, int failures) {
    Moment sum{0};
    Moment pause = std::min(pace.first_pause, longest_pause);
    for (int i = 0; i < failures; ++i, pause = std::min(2 * pause, longest_pause)) sum += pause;
    return sum;
}

// Pauses that double, until the rule passes, and the last one goes on to its end. The one before the first attempt is
// none of the rule's.
struct Sequence {
    Moment pauses{0};
    int attempts = 1;
};
Sequence sequence(const Pace& pace, const BackoffTerms& terms) {
    std::vector<Moment> pauses;
    Moment pause = std::min(2 * pace.first_pause, longest_pause);
    while (pauses.size() + 1 < first_sequence_attempts && pause < passes_after(pauses, terms)) {
        pauses.push_back(pause);
        pause = std::min(2 * pause, longest_pause);
    }
    const auto attempts = static_cast<int>(pauses.size()) + 1;
    return {doubled(pace, attempts + 1), attempts};
}

bool takes_place(std::string_view id, const Pace& pace, const Parameters& parameters) {
    const auto has = [&](std::string_view hook) {
        return std::ranges::find(parameters.hooks, hook) != parameters.hooks.end();
    };
    if (id.starts_with("CNT-")) return pace.asks_content || has("update");
    if (id.starts_with("KA-")) return pace.keep_alive <= parameters.keep_alive_patience;
    return true;
}

}  // namespace

Moment estimate(const CheckRow& row, const Pace& pace, const Parameters& parameters) {
    const bool damages = row.id == "ROB-02";
    const auto found = std::ranges::find(costs, row.id, &Cost::id);
    if (!row.act || (found == costs.end() && !damages) || !takes_place(row.id, pace, parameters)) return Moment{0};
    const Moment heard = pace.report_interval > Moment{0} ? pace.report_interval : settles_within;
    const Moment answers = connects_within + pace.report_interval / 2;
    const Moment round = doubled(pace, found == costs.end() ? 1 : found->failures + 1) + answers;
    if (damages && parameters.corruptions == 0) return parameters.duration;
    if (damages) return static_cast<std::int64_t>(parameters.corruptions) * round;
    const Sequence each = sequence(pace, {parameters.max_backoff});
    const Moment gives_up = std::min(gives_up_after, std::max<Moment>(pace.keep_alive, std::chrono::seconds(1)));
    const Moment backoff = each.pauses + answers;
    return found->backoffs * backoff + found->silences * (backoff + each.attempts * gives_up) + found->rounds * round +
           found->given_up * gives_up + found->keep_alives * pace.keep_alive + found->reports * heard +
           found->looks * looks_every + found->outages * parameters.outage + found->fixed;
}

}  // namespace verdict
