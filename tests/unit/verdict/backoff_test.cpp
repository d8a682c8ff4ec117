#include "server/verdict/backoff.h"

#include <random>
#include <vector>

#include <doctest/doctest.h>

namespace {

using verdict::BackoffTerms;
using verdict::Moment;
using verdict::Outcome;
using Pauses = std::vector<Moment>;

Pauses pauses(const std::vector<double>& in_seconds) {
    Pauses result;
    for (const double each : in_seconds) result.emplace_back(static_cast<std::int64_t>(each * 1e6));
    return result;
}

Outcome judged(const std::vector<double>& first, const std::vector<double>& second, BackoffTerms terms = {}) {
    return verdict::judge_backoff(pauses(first), pauses(second), terms).outcome;
}

std::vector<double> fixed(double length, std::size_t count) {
    return std::vector<double>(count, length);
}

// Full jitter, as coreMQTT and Paho do it: uniform below a bound that doubles.
std::vector<double> full_jitter(double base, double cap, std::size_t count, std::mt19937& random) {
    std::vector<double> result;
    for (double bound = base; result.size() < count; bound = std::min(cap, bound * 2))
        result.push_back(std::uniform_real_distribution<double>(0, bound)(random));
    return result;
}

}  // namespace

TEST_CASE("[Backoff] doubling passes with its first sequence") {
    const auto six = pauses({1, 2, 4, 8, 16, 32});
    CHECK(verdict::backs_off(six, {}));
    CHECK(verdict::judge_backoff(six, {}, {}).outcome == Outcome::passed);
}

TEST_CASE("[Backoff] a pause that reaches max_backoff_s passes however few there are") {
    CHECK(verdict::backs_off(pauses({1, 60}), {}));
    CHECK(verdict::backs_off(pauses({8}), BackoffTerms{std::chrono::seconds(8)}));
    CHECK_FALSE(verdict::backs_off(pauses({1, 59.9}), {}));
}

TEST_CASE("[Backoff] growth by three needs one of the last three pauses to reach a second") {
    CHECK_FALSE(verdict::backs_off(pauses({0.01, 0.02, 0.04, 0.08, 0.16, 0.32}), {}));
    CHECK(verdict::backs_off(pauses({0.1, 0.1, 0.5, 0.5, 0.5, 1.0}), {}));
    CHECK_FALSE(verdict::backs_off(pauses({0.1, 0.1, 0.5, 0.5, 0.5, 0.999}), {}));
}

TEST_CASE("[Backoff] fewer than six pauses pass only where no length of the others could change it") {
    CHECK(verdict::backs_off(pauses({1, 2, 4, 8, 5.5}), {}));
    CHECK_FALSE(verdict::backs_off(pauses({1, 2, 4, 8, 5.4}), {}));
    CHECK_FALSE(verdict::backs_off(pauses({0.1, 0.2, 0.4, 0.9, 0.9}), {}));
    for (const std::vector<double>& few : {std::vector<double>{}, {1}, {1, 50}, {0.1, 0.1, 50}})
        CHECK_FALSE(verdict::backs_off(pauses(few), {}));
}

TEST_CASE("[Backoff] the pause that decides is waited for until it does, and no longer") {
    const auto after = [](const std::vector<double>& before, BackoffTerms terms = {}) {
        return verdict::seconds(verdict::passes_after(pauses(before), terms));
    };
    for (const std::vector<double>& few : {std::vector<double>{}, {1}, {1, 2}, {1, 2, 59}}) CHECK(after(few) > 13);
    CHECK(after({1, 2}) == doctest::Approx(60));
    CHECK(after({1, 2, 4}) == doctest::Approx(13.5));
    CHECK(after({1, 2, 4, 8}) == doctest::Approx(5.5));
    CHECK(after({1, 2, 4, 8}, {std::chrono::seconds(5)}) == 0);
    CHECK(after({0.1, 0.2, 0.4, 0.8}) == doctest::Approx(1));  // one of the last three has to reach a second
    CHECK(after({1, 2, 4, 8, 16}) == 0);
    CHECK(after({1, 1, 1, 1, 1, 1}) == doctest::Approx(60));  // the second sequence has to tell
}

TEST_CASE("[Backoff] whoever waited so long has seen it pass") {
    std::mt19937 random(18);
    for (int i = 0; i < 1'000; ++i) {
        auto drawn = pauses(full_jitter(1, 60, 3 + random() % 3, random));
        const Moment length = verdict::passes_after(drawn, {});
        if (length == Moment{0}) continue;
        drawn.push_back(length - std::chrono::milliseconds(1));
        CHECK_FALSE(verdict::backs_off(drawn, {}));
        drawn.back() = length;
        CHECK(verdict::backs_off(drawn, {}));
    }
}

TEST_CASE("[Backoff] fixed pauses below 30 s fail always") {
    for (const double length : {0.0, 0.01, 0.5, 1.0, 5.0, 10.0, 29.0})
        CHECK(judged(fixed(length, 6), fixed(length, 8)) == Outcome::failed);
}

TEST_CASE("[Backoff] fixed pauses of 30 s and more warn, those of max_backoff_s pass") {
    CHECK(judged(fixed(30, 6), fixed(30, 8)) == Outcome::warned);
    CHECK(judged(fixed(59, 6), fixed(59, 8)) == Outcome::warned);
    CHECK(judged(fixed(60, 6), {}) == Outcome::passed);
}

TEST_CASE("[Backoff] pauses that never reach a second fail even where they grow") {
    CHECK(judged({0.01, 0.02, 0.1, 0.2, 0.4, 0.9}, {0.01, 0.02, 0.1, 0.2, 0.4, 0.5, 0.6, 0.9}) == Outcome::failed);
}

TEST_CASE("[Backoff] scattered pauses without growth warn") {
    CHECK(judged({4, 1, 2, 1, 4, 2}, {1, 4, 2, 1, 4, 2, 1, 3}) == Outcome::warned);
}

TEST_CASE("[Backoff] growth between 1.5 and 3 passes with both sequences") {
    CHECK(judged({2, 2, 3, 4, 4, 4}, {2, 2, 3, 3, 4, 4, 4, 4}) == Outcome::passed);
}

TEST_CASE("[Backoff] a first pause of over 60 s warns") {
    const BackoffTerms patient{std::chrono::seconds(300)};
    CHECK(judged({90, 300}, {}, patient) == Outcome::warned);
    CHECK(judged({60, 300}, {}, patient) == Outcome::passed);
}

TEST_CASE("[Backoff] nothing seen is nothing judged") {
    CHECK(judged({}, {}) == Outcome::not_run);
}

TEST_CASE("[Backoff] full jitter from 1 s to 60 s fails at most once in 10,000") {
    std::mt19937 random(17);
    int failures = 0;
    for (int i = 0; i < 20'000; ++i) {
        const auto first = full_jitter(1, 60, 6, random);
        if (verdict::backs_off(pauses(first), {})) continue;
        failures += judged(first, full_jitter(1, 60, 8, random)) == Outcome::failed ? 1 : 0;
    }
    CHECK(failures <= 2);
}

TEST_CASE("[Backoff] the message tells the pauses in numbers, and the hint what to change") {
    const auto result = verdict::judge_backoff(pauses(fixed(0.21, 6)), pauses(fixed(0.21, 8)), {});
    CHECK(result.message.find("0.21 s") != std::string::npos);
    CHECK(result.hint.find("Double the pause") != std::string::npos);
    REQUIRE(result.measured.size() == 6);
    CHECK(result.measured[1].name == "first_pause_s");
    CHECK(result.measured[1].number == doctest::Approx(0.21));
}

TEST_CASE("[Backoff] two sequences alike within 3 % or 20 ms are without jitter") {
    const BackoffTerms terms;
    CHECK(verdict::without_jitter(pauses({1, 2, 4}), pauses({1.01, 2.04, 4.1}), terms));
    CHECK(verdict::without_jitter(pauses({0.1, 0.2}), pauses({0.119, 0.181}), terms));
    CHECK_FALSE(verdict::without_jitter(pauses({1, 2, 4}), pauses({1.2, 2, 4}), terms));
}

TEST_CASE("[Backoff] one pause that differs tells of jitter, those that agree may still come to differ") {
    CHECK(verdict::with_jitter(pauses({1, 2, 4}), pauses({1.2}), {}));
    CHECK_FALSE(verdict::with_jitter(pauses({1, 2, 4}), pauses({1.01, 2}), {}));
    CHECK_FALSE(verdict::with_jitter(pauses({60}), pauses({1}), {}));
}

TEST_CASE("[Backoff] pauses that were not waited for say nothing about jitter") {
    CHECK_FALSE(verdict::without_jitter(pauses({1, 60}), pauses({1, 60}), {}));
    CHECK_FALSE(verdict::without_jitter(pauses({60, 60, 60}), pauses({60, 60, 60}), {}));
}
