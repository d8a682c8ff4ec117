#include "server/murano/timestamps.h"

#include "server/murano/quote.h"

#include <string>
#include <utility>

namespace murano {
namespace {

constexpr std::int64_t seconds_below = 100'000'000'000;             // seconds until the year 5138
constexpr std::int64_t milliseconds_below = 100'000'000'000'000;    // and so for milliseconds
constexpr std::int64_t nanoseconds_from = 100'000'000'000'000'000;  // microseconds of the year 5138
constexpr std::int64_t year_2000 = 946'684'800'000'000;
constexpr std::int64_t one_day = 24LL * 60 * 60 * 1'000'000;

struct Unit {
    std::string_view code, name;
};

std::optional<Unit> suspected_unit(std::int64_t timestamp_us) {
    if (timestamp_us < seconds_below) return Unit{"R38.seconds_for_microseconds", "seconds"};
    if (timestamp_us < milliseconds_below) return Unit{"R38.milliseconds_for_microseconds", "milliseconds"};
    if (timestamp_us < nanoseconds_from) return std::nullopt;
    return Unit{"R38.nanoseconds_for_microseconds", "nanoseconds"};
}

Finding doubt(std::string_view code, std::int64_t timestamp_us, const std::string& what, std::string hint) {
    return {code, journal::Severity::warning, "The timestamp " + std::to_string(timestamp_us) + " " + what,
            std::move(hint)};
}

}  // namespace

std::optional<Finding> doubtful_timestamp(std::int64_t timestamp_us, std::int64_t now_us) {
    if (const auto unit = suspected_unit(timestamp_us)) {
        return doubt(unit->code, timestamp_us,
                     "looks like " + std::string(unit->name) + "; it was taken as microseconds since 1970.",
                     "Send microseconds: 16 digits, as in 1531111131679000.");
    }
    if (timestamp_us < year_2000) {
        return doubt("R38.clock_not_set", timestamp_us, "is before the year 2000; it was taken unchanged.",
                     "The device's clock seems not to be set: set it before the first report, or report without a "
                     "timestamp.");
    }
    if (timestamp_us - one_day > now_us) {
        return doubt("R38.clock_ahead", timestamp_us,
                     "is more than a day ahead of the emulator's clock (" + std::to_string(now_us) +
                         "); it was taken unchanged, and older reports will no longer change the state.",
                     "The device's clock seems to be wrong. A report without a timestamp ($resource/<alias>) sets the "
                     "state again.");
    }
    return std::nullopt;
}

Finding state_kept(const StaleValues& stale) {
    const std::string others =
        stale.count > 1 ? " So did " + std::to_string(stale.count - 1) + " more values of this message." : "";
    return {"R38.older_report", journal::Severity::info,
            "The value of " + quoted(stale.alias) + " with timestamp " + std::to_string(stale.timestamp_us) +
                " changed the history only: the state holds a report of " + std::to_string(stale.newest_us) + "." +
                others,
            "Report in the order of time. A report without a timestamp ($resource/<alias>) always sets the state."};
}

}  // namespace murano
