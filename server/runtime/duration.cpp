#include "server/runtime/duration.h"

#include <array>
#include <charconv>
#include <optional>

namespace runtime {
namespace {

struct Unit {
    std::string_view name;
    std::int64_t us;
};
constexpr std::array<Unit, 6> units{
    {{"us", 1}, {"ms", 1'000}, {"s", 1'000'000}, {"m", 60'000'000}, {"h", 3'600'000'000}, {"d", 86'400'000'000}}};

DurationError fail(std::string_view text, std::string_view why) {
    std::string message = "\"";
    message.append(text.substr(0, 40)).append("\" is not a duration: ").append(why);
    message.append("; write it as 25h, 90s, 500ms or -1h (units d, h, m, s, ms, us)");
    return {message};
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<std::int64_t> take_unit(std::string_view& rest) {
    std::size_t length = 0;
    while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z') ++length;
    const std::string_view name = rest.substr(0, length);
    for (const Unit& unit : units) {
        if (unit.name != name) continue;
        rest.remove_prefix(length);
        return unit.us;
    }
    return std::nullopt;
}

}  // namespace

std::variant<std::int64_t, DurationError> parse_duration(std::string_view text) {
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) rest.remove_prefix(1);
    if (rest.empty()) return fail(text, "it holds no number");
    std::int64_t total = 0;
    while (!rest.empty()) {
        if (!is_digit(rest.front())) return fail(text, "a whole number was expected");
        std::int64_t count = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), count);
        if (error != std::errc()) return fail(text, "it is too large");
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (rest.empty()) return fail(text, "the unit is missing");
        const std::optional<std::int64_t> unit = take_unit(rest);
        if (!unit) return fail(text, "the unit is not known");
        std::int64_t part = 0;
        if (__builtin_mul_overflow(count, *unit, &part) || __builtin_add_overflow(total, part, &total)) {
            return fail(text, "it is too large");
        }
    }
    return negative ? -total : total;
}

}  // namespace runtime
