#include "server/murano/decimal.h"

#include <array>
#include <cstdlib>
#include <random>
#include <string>

#include <doctest/doctest.h>

using murano::compare_numbers;

namespace {

int order(const std::string& left, const std::string& right) {
    const auto result = compare_numbers(left, right);
    return result < 0 ? -1 : (result > 0 ? 1 : 0);
}

}  // namespace

TEST_CASE("[R40] numbers are compared by value, whatever their spelling") {
    struct Row {
        const char* left;
        const char* right;
        int expected;
    };
    const std::array rows = {
        Row{"1", "1.0", 0},
        Row{"1", "10e-1", 0},
        Row{"1.0", "0.1e1", 0},
        Row{"0", "-0", 0},
        Row{"0", "0.000e99", 0},
        Row{"-0.0", "0e-5", 0},
        Row{"100", "1E+2", 0},
        Row{"0.00120", "12e-4", 0},
        Row{"2", "10", -1},
        Row{"-2", "-10", 1},
        Row{"-1", "1", -1},
        Row{"0", "1e-400", -1},
        Row{"-1e-400", "0", -1},
        Row{"9.99", "10", -1},
        Row{"1.05", "1.5", -1},
        Row{"1.5", "1.50001", -1},
        Row{"-1.5", "-1.50001", 1},
        Row{"1e400", "1e401", -1},
        Row{"12.5", "12.05", 1},
        Row{"123", "12.3e1", 0},
        Row{"1203", "12.03e2", 0},
        Row{"10.01", "10.0100", 0},
        Row{"1e0", "1", 0},
        Row{"1e-0", "1e00000", 0},
        Row{"0.1", "0.01e1", 0},
        Row{"1000000000000000000001", "1000000000000000000000", 1},
        Row{"73.16492", "73.164919999", 1},
    };
    for (const Row& row : rows) {
        CAPTURE(row.left);
        CAPTURE(row.right);
        CHECK(order(row.left, row.right) == row.expected);
        CHECK(order(row.right, row.left) == -row.expected);
    }
}

TEST_CASE("[R40] exponents of any size are compared exactly and without work") {
    struct Row {
        std::string left;
        std::string right;
        int expected;
    };
    const std::string huge(1000, '9');
    const std::array rows = {
        Row{"1e999999999", "1e999999998", 1},
        Row{"1e-999999999", "1e-999999998", -1},
        Row{"10e99999999999999999999998", "1e99999999999999999999999", 0},
        Row{"0.1e100000000000000000000", "1e99999999999999999999", 0},
        Row{"-0.1e100000000000000000000", "-1e99999999999999999999", 0},
        Row{"1e-100000000000000000000", "10e-100000000000000000001", 0},
        Row{"100e-99999999999999999999", "1e-99999999999999999997", 0},
        Row{"1e100000000000000000000", "1e99999999999999999999", 1},
        Row{"1e-100000000000000000000", "1", -1},
        Row{"1e100000000000000000000", "5", 1},
        Row{"1e" + huge, "1e" + huge + "0", -1},
        Row{"0.1e1" + std::string(1000, '0'), "1e" + huge, 0},
        Row{"1e000000000000000000000000000001", "10", 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.left);
        CAPTURE(row.right);
        CHECK(order(row.left, row.right) == row.expected);
        CHECK(order(row.right, row.left) == -row.expected);
    }
}

TEST_CASE("[R40] comparing random small numbers agrees with binary floating point") {
    constexpr unsigned kSeed = 20240607;
    CAPTURE(kSeed);
    std::mt19937 random(kSeed);
    const auto number = [&random] {
        std::string text = random() % 2 == 0 ? "-" : "";
        text += std::to_string(random() % 30);
        if (random() % 2 == 0) text += "." + std::to_string(random() % 20);
        if (random() % 2 == 0) text += "e" + std::to_string(static_cast<int>(random() % 7) - 3);
        return text;
    };
    // Up to six significant digits times 10^-3..10^3: nearly equal means equal here.
    for (int i = 0; i < 20'000; ++i) {
        const std::string left = number();
        const std::string right = number();
        const long double difference = std::strtold(left.c_str(), nullptr) - std::strtold(right.c_str(), nullptr);
        const int expected = difference > 1e-9L ? 1 : (difference < -1e-9L ? -1 : 0);
        CAPTURE(left);
        CAPTURE(right);
        REQUIRE(order(left, right) == expected);
    }
}

TEST_CASE("[R40] comparing is linear in megabytes of digits") {
    const std::string digits = "1" + std::string(1'000'000, '0');
    CHECK(order(digits, "1e1000000") == 0);
    CHECK(order(digits + "1", digits + "0") == 1);
    CHECK(order("0." + std::string(1'000'000, '0') + "1", "1e-1000001") == 0);
}
