#include "server/murano/quote.h"
#include "server/murano/secret_compare.h"
#include "server/murano/status.h"
#include "server/murano/token.h"
#include "server/murano/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <random>
#include <string>

#include <doctest/doctest.h>

TEST_CASE("[R63] the status is the first that holds of locked, expired, reprovision, provisioned, whitelisted") {
    CHECK(murano::identity_status({true, true, true, true}) == "locked");
    CHECK(murano::identity_status({false, true, true, true}) == "expired");
    CHECK(murano::identity_status({false, false, true, true}) == "reprovision");
    CHECK(murano::identity_status({false, false, false, true}) == "provisioned");
    CHECK(murano::identity_status({}) == "whitelisted");
}

TEST_CASE("[R50] a token has 40 characters of [A-Za-z0-9], each equally likely") {
    constexpr unsigned kSeed = 4;
    CAPTURE(kSeed);
    std::mt19937 random(kSeed);
    const murano::RandomSource source = [&random](std::span<std::uint8_t> out) {
        for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(random());
    };
    std::array<int, 256> seen{};
    for (int i = 0; i < 5000; ++i) {
        const std::string token = murano::make_token(source);
        REQUIRE(token.size() == 40);
        for (const char c : token) ++seen[static_cast<unsigned char>(c)];
    }
    for (int c = 0; c < 256; ++c) {
        CAPTURE(c);
        const int count = seen[static_cast<std::size_t>(c)];
        if (std::isalnum(c) == 0)
            CHECK(count == 0);
        else
            CHECK((count > 2900 && count < 3600));  // 200,000 / 62 is 3226
    }
}

TEST_CASE("[R50] bytes that would favour some characters are passed over") {
    std::uint8_t next = 0;
    std::size_t calls = 0;
    const std::string token = murano::make_token([&](std::span<std::uint8_t> out) {
        std::fill(out.begin(), out.end(), std::uint8_t{255});
        if (++calls == 2) {
            for (std::uint8_t& byte : out) byte = next++;
        }
    });
    CHECK(token == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn");
    CHECK(calls == 2);
}

TEST_CASE("[R12] secrets are the same only when all of them is") {
    CHECK(murano::same_secret("abc", "abc"));
    CHECK_FALSE(murano::same_secret("abc", "abd"));
    CHECK_FALSE(murano::same_secret("abc", "xbc"));
    CHECK_FALSE(murano::same_secret("abc", "ab"));
    CHECK_FALSE(murano::same_secret("abc", "abcabc"));
    CHECK_FALSE(murano::same_secret("abc", ""));
    CHECK_FALSE(murano::same_secret("", "abc"));
    CHECK_FALSE(murano::same_secret({"abc\0", 4}, "abc"));
}

TEST_CASE("[R40, R49] UTF-8 is what RFC 3629 says") {
    for (const std::string_view text :
         {"", "abc", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
          "\xF4\x8F\xBF\xBF", "0123456\xC3\xA9 and more text behind"}) {
        CAPTURE(text);
        CHECK(murano::valid_utf8(text));
    }
    for (const std::string_view text :
         {"\x80", "\xC0\x80", "\xC1\xBF", "\xC2", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82", "\xF0\x8F\xBF\xBF",
          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3\x28", "01234567\xE2\x28\xA1"}) {
        CAPTURE(text);
        CHECK_FALSE(murano::valid_utf8(text));
    }
    CHECK(murano::find_invalid_utf8("0123456789\xFF") == 10);
    CHECK(murano::count_code_points("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80") == 4);
}

TEST_CASE("device text in a sentence is short and printable") {
    CHECK(murano::quoted("data in") == "'data in'");
    CHECK(murano::quoted("a\n\x1B[0m\x7F") == "'a\\x0a\\x1b[0m\\x7f'");
    CHECK(murano::quoted("\xC3\xA9\xC2\x85\xFF") == "'\xC3\xA9\\xc2\\x85\\xff'");
    CHECK(murano::quoted(std::string(100, 'x')) == "'" + std::string(60, 'x') + "...'");
    CHECK(murano::quoted(std::string(59, 'x') + "\xE2\x82\xAC!").ends_with("\xE2\x82\xAC...'"));
}
