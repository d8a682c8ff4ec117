#include "server/murano/decimal.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>

namespace murano {
namespace {

// The value is 0.DDD... times ten to the power of (point + exponent), DDD being `digits`, which may hold the '.'.
struct Decimal {
    bool negative = false;
    std::string_view digits;  // first to last significant digit; empty: zero
    std::int64_t point = 0;
    bool exponent_negative = false;
    std::string_view exponent;  // without sign and leading zeros; any length
};

void split_exponent(std::string_view text, Decimal& out) {
    if (text.empty()) return;
    out.exponent_negative = text.front() == '-';
    const std::size_t first = text.find_first_of("123456789");
    if (first != std::string_view::npos) out.exponent = text.substr(first);
}

Decimal split(std::string_view text) {
    Decimal out;
    out.negative = text.front() == '-';
    if (out.negative) text.remove_prefix(1);
    const std::size_t e = text.find_first_of("eE");
    if (e != std::string_view::npos) split_exponent(text.substr(e + 1), out);
    const std::string_view mantissa = text.substr(0, e);
    const std::size_t first = mantissa.find_first_of("123456789");
    if (first == std::string_view::npos) return {};  // zero has no sign and no exponent
    const std::size_t last = mantissa.find_last_of("123456789");
    out.digits = mantissa.substr(first, last - first + 1);
    const std::size_t dot = std::min(mantissa.find('.'), mantissa.size());
    out.point = static_cast<std::int64_t>(dot) - static_cast<std::int64_t>(first) + (first > dot ? 1 : 0);
    return out;
}

// Digit by digit, the shorter one followed by zeros.
std::strong_ordering compare_digits(std::string_view left, std::string_view right) {
    std::size_t l = 0;
    std::size_t r = 0;
    while (true) {
        if (l < left.size() && left[l] == '.') ++l;
        if (r < right.size() && right[r] == '.') ++r;
        if (l == left.size() || r == right.size()) break;
        if (left[l] != right[r]) return left[l] <=> right[r];
        ++l;
        ++r;
    }
    // Both end in a significant digit, so what is longer is greater.
    return (left.size() - l) <=> (right.size() - r);
}

constexpr std::size_t kSmallExponentDigits = 17;  // with any `point` added it still fits 64 bits

std::int64_t small_scale(const Decimal& number) {
    std::int64_t value = 0;
    std::from_chars(number.exponent.data(), number.exponent.data() + number.exponent.size(), value);
    return (number.exponent_negative ? -value : value) + number.point;
}

struct BigInteger {
    bool negative = false;
    std::string magnitude;  // no leading zeros
};

// magnitude + delta, where the result is known not to be negative.
std::string add(std::string magnitude, std::int64_t delta) {
    for (std::size_t i = magnitude.size(); i-- > 0 && delta != 0;) {
        const std::int64_t sum = delta + (magnitude[i] - '0');
        const std::int64_t digit = ((sum % 10) + 10) % 10;
        magnitude[i] = static_cast<char>('0' + digit);
        delta = (sum - digit) / 10;
    }
    if (delta > 0) magnitude.insert(0, std::to_string(delta));
    magnitude.erase(0, magnitude.find_first_not_of('0'));
    return magnitude;
}

BigInteger big_scale(const Decimal& number) {
    if (number.exponent.size() <= kSmallExponentDigits) {
        const std::int64_t value = small_scale(number);
        return {value < 0, std::to_string(value < 0 ? -value : value)};
    }
    const std::int64_t delta = number.exponent_negative ? -number.point : number.point;
    return {number.exponent_negative, add(std::string(number.exponent), delta)};
}

std::strong_ordering compare_big(const BigInteger& left, const BigInteger& right) {
    if (left.negative != right.negative)
        return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
    const BigInteger& low = left.negative ? right : left;
    const BigInteger& high = left.negative ? left : right;
    if (low.magnitude.size() != high.magnitude.size()) return low.magnitude.size() <=> high.magnitude.size();
    return low.magnitude.compare(high.magnitude) <=> 0;
}

std::strong_ordering compare_scale(const Decimal& left, const Decimal& right) {
    if (std::max(left.exponent.size(), right.exponent.size()) <= kSmallExponentDigits) {
        return small_scale(left) <=> small_scale(right);
    }
    return compare_big(big_scale(left), big_scale(right));
}

int sign(const Decimal& number) {
    return number.digits.empty() ? 0 : (number.negative ? -1 : 1);
}

}  // namespace

std::strong_ordering compare_numbers(std::string_view left_text, std::string_view right_text) {
    const Decimal left = split(left_text);
    const Decimal right = split(right_text);
    if (sign(left) != sign(right)) return sign(left) <=> sign(right);
    if (sign(left) == 0) return std::strong_ordering::equal;
    // Of two negative numbers the one of the larger magnitude is less.
    const Decimal& first = left.negative ? right : left;
    const Decimal& second = left.negative ? left : right;
    const std::strong_ordering scale = compare_scale(first, second);
    return std::is_eq(scale) ? compare_digits(first.digits, second.digits) : scale;
}

}  // namespace murano
