#include "server/device/sessions.h"

#include <doctest/doctest.h>

TEST_CASE("[R18a] exactly 24 h is not older; a clock that was set back makes nothing older") {
    constexpr std::int64_t second = 1'000'000;
    constexpr std::int64_t day = 24 * 60 * 60 * second;
    const std::int64_t left = 1'700'000'000 * second;
    CHECK_FALSE(device::older_than_24h(left, left));
    CHECK_FALSE(device::older_than_24h(left, left + day - second));  // 23:59:59
    CHECK_FALSE(device::older_than_24h(left, left + day));           // 24:00:00
    CHECK(device::older_than_24h(left, left + day + 1));
    CHECK(device::older_than_24h(left, left + day + second));  // 24:00:01
    CHECK_FALSE(device::older_than_24h(left, left - day));
}
