#include "server/verdict/estimate.h"

#include <algorithm>
#include <array>

namespace verdict {

namespace {

using std::chrono::seconds;

// How often an act waits for what.
struct Cost {
    std::string_view id;
    int sequences = 0;  // of attempts that are refused at once
    int silences = 0;   // of attempts that the device has to give up
    int comebacks = 0;  // connected and reporting again
    int keep_alives = 0;
    int reports = 0;
    int looks = 0;  // for content
    int outages = 0;
    seconds fixed{0};
};

constexpr std::array costs = std::to_array<Cost>({
    {.id = "TLS-04", .comebacks = 3},
    {.id = "TLS-05", .comebacks = 3},
    {.id = "TLS-06", .comebacks = 3},
    {.id = "TLS-07", .comebacks = 3},
    {.id = "TLS-08", .comebacks = 2},
    {.id = "TLS-09", .comebacks = 2, .fixed = seconds(5)},
    {.id = "TLS-10", .comebacks = 2},
    {.id = "TLS-11", .comebacks = 2, .fixed = seconds(15)},
    {.id = "PRV-03", .comebacks = 2},
    {.id = "PRV-04", .silences = 1, .comebacks = 2},
    {.id = "PRV-05", .comebacks = 4},
    {.id = "PRV-06", .comebacks = 3},
    {.id = "CON-02", .sequences = 1, .comebacks = 15},
    {.id = "CON-03", .silences = 2, .comebacks = 2},
    {.id = "CON-04", .sequences = 1, .comebacks = 1},
    {.id = "CON-05", .sequences = 2, .comebacks = 4, .fixed = seconds(20)},
    {.id = "CON-06", .comebacks = 2, .outages = 1},
    {.id = "CON-07", .comebacks = 1, .fixed = seconds(3)},
    {.id = "KA-02", .comebacks = 1, .keep_alives = 2},
    {.id = "KA-03", .comebacks = 1, .keep_alives = 1},
    {.id = "KA-04", .comebacks = 1, .keep_alives = 1},
    {.id = "PUB-05", .comebacks = 1, .reports = 1, .fixed = seconds(10)},
    {.id = "PUB-09", .comebacks = 1, .reports = 3, .outages = 1},
    {.id = "PUB-10", .comebacks = 2, .fixed = seconds(35)},
    {.id = "RX-01", .comebacks = 2},
    {.id = "RX-02", .comebacks = 2},
    {.id = "RX-03", .comebacks = 1, .fixed = seconds(10)},
    {.id = "RX-04", .comebacks = 1, .fixed = seconds(15)},
    {.id = "RX-05", .reports = 5},
    {.id = "RX-06", .reports = 2},
    {.id = "RX-07", .reports = 2},
    {.id = "SES-01", .comebacks = 1, .fixed = seconds(10)},
    {.id = "SES-03", .comebacks = 1},
    {.id = "SES-04", .comebacks = 2, .fixed = seconds(10)},
    {.id = "CNT-01", .looks = 3, .fixed = seconds(15)},
    {.id = "CNT-02", .looks = 5},
    {.id = "CNT-03", .looks = 1, .fixed = seconds(10)},
    {.id = "CNT-04", .looks = 8, .fixed = seconds(50)},
    {.id = "CNT-05", .looks = 1, .fixed = seconds(30)},
    {.id = "CNT-06", .comebacks = 2, .looks = 2, .fixed = seconds(20)},
    {.id = "ROB-01", .comebacks = 14},
    {.id = "ROB-03", .comebacks = 2, .reports = 1},
});

constexpr Moment gives_up_after = seconds(10);  // an attempt without an answer
constexpr Moment looks_every = seconds(15);     // for content
constexpr Moment connects_within = seconds(1);
constexpr Moment settles_within = seconds(5);  // a device that reports nothing is taken to have taken it

// Pauses that double, until one is not waited for to its end.
struct Doubling {
    Moment sum{0};
    int attempts = 1;
};
Doubling doubling(const Pace& pace, Moment most) {
    Doubling all;
    for (Moment pause = pace.first_pause; all.attempts < 7; pause *= 2) {
        all.sum += std::min(pause, most);
        ++all.attempts;
        if (pause >= most) break;
    }
    return all;
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
    const Moment comeback = connects_within + std::min(pace.first_pause, parameters.max_backoff) + pace.report_interval;
    if (damages && parameters.corruptions == 0) return parameters.duration;
    if (damages) return static_cast<std::int64_t>(parameters.corruptions) * comeback;
    const Moment heard = pace.report_interval > Moment{0} ? pace.report_interval : settles_within;
    const Doubling pauses = doubling(pace, parameters.max_backoff);
    return found->sequences * pauses.sum + found->silences * (pauses.sum + pauses.attempts * gives_up_after) +
           found->comebacks * comeback + found->keep_alives * pace.keep_alive + found->reports * heard +
           found->looks * looks_every + found->outages * parameters.outage + found->fixed;
}

}  // namespace verdict
