#include "server/verdict/checks/backoff_act.h"

#include "tests/unit/verdict/fake_device.h"

#include <memory>
#include <random>

#include <doctest/doctest.h>

namespace {

using fake::Manners;
using verdict::Outcome;

verdict::Result play(std::unique_ptr<verdict::Act> (*make)(), const Manners& manners,
                     const verdict::Parameters& parameters = {}) {
    const auto act = make();
    return fake::World(*act, manners, parameters).play();
}

verdict::Parameters quick() {
    verdict::Parameters parameters;
    parameters.patience = std::chrono::seconds(20);
    parameters.max_backoff = std::chrono::seconds(8);
    return parameters;
}

Manners fixed(double seconds) {
    Manners manners;
    manners.pause = [seconds](int) { return seconds; };
    return manners;
}

Manners with_jitter() {
    auto random = std::make_shared<std::mt19937>(7);
    Manners manners;
    manners.pause = [random](int n) {
        return std::uniform_real_distribution<double>(0.5, 1)(*random) * (1U << std::min(n, 6));
    };
    return manners;
}

}  // namespace

TEST_CASE("CON-02 a device that doubles its pauses passes") {
    const auto result = play(verdict::act_connack_refused, {});
    CHECK_MESSAGE(result.outcome == Outcome::passed, result.message);
}

TEST_CASE("CON-02 fixed short pauses fail after two sequences") {
    const auto result = play(verdict::act_connack_refused, fixed(0.2));
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message.find("0.20 s") != std::string::npos);
}

TEST_CASE("CON-02 a packet behind the refusal fails, whatever the pauses") {
    Manners manners;
    manners.talks_after_refusal = true;
    CHECK(play(verdict::act_connack_refused, manners).outcome == Outcome::failed);
}

TEST_CASE("CON-02 a device that gives up for good has reached the longest pause, and fails for not coming back") {
    Manners manners;
    manners.attempts_until_it_stops = 3;
    const auto result = play(verdict::act_connack_refused, manners);
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message == "It did not come back when it was let in again.");
}

TEST_CASE("CON-03 doubling without jitter warns, with jitter it passes") {
    CHECK(play(verdict::act_no_connack, {}).outcome == Outcome::warned);
    const auto result = play(verdict::act_no_connack, with_jitter());
    CHECK_MESSAGE(result.outcome == Outcome::passed, result.message);
}

TEST_CASE("CON-03 pauses of one second, as MQTT.js has them, fail") {
    CHECK(play(verdict::act_no_connack, fixed(1)).outcome == Outcome::failed);
}

TEST_CASE("CON-03 a device that waits for CONNACK forever fails") {
    Manners manners;
    manners.gives_up_after_s = 0;
    const auto result = play(verdict::act_no_connack, manners);
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message.find("did not give up") != std::string::npos);
}

TEST_CASE("a first sequence ends when it passes, a second one when it has told whether chance is at work") {
    const auto lasts = [](std::unique_ptr<verdict::Act> (*make)(), const Manners& manners) {
        const auto act = make();
        fake::World world(*act, manners, quick());
        const auto result = world.play();
        CHECK_MESSAGE(result.outcome != Outcome::failed, result.message);
        return verdict::seconds(world.now());
    };
    const auto doubling = [](std::function<double()> chance) {
        Manners manners;
        manners.gives_up_after_s = 5;
        manners.reports_every_s = 0.1;
        manners.pause = [chance = std::move(chance)](int n) { return chance() * 0.1 * (1U << std::min(n - 1, 9)); };
        return manners;
    };
    // Five attempts of 5 s, with 3.2 s between them and to come back; then one more, or two where they look alike.
    const auto random = std::make_shared<std::mt19937>(7);
    const auto by_chance = [random] { return std::uniform_real_distribution<double>(0.6, 1.4)(*random); };
    CHECK(lasts(verdict::act_no_connack, doubling(by_chance)) < 45);
    CHECK(lasts(verdict::act_tcp_refused, doubling(by_chance)) < 20);
    // Without chance all pauses of the first sequence are compared, and no more.
    const double without = lasts(verdict::act_no_connack, doubling([] { return 1.0; }));
    CHECK(without > 48);
    CHECK(without < 55);
}

TEST_CASE("CON-04 pauses that a CONNACK begins anew fail below a second and warn above") {
    CHECK(play(verdict::act_dropped_early, fixed(0.5)).outcome == Outcome::failed);
    CHECK(play(verdict::act_dropped_early, fixed(5)).outcome == Outcome::warned);
    Manners manners;
    manners.connack_resets_pause = false;
    CHECK(play(verdict::act_dropped_early, manners).outcome == Outcome::passed);
}

TEST_CASE("CON-05 jitter is judged on two refused sequences, and a silent server must be given up") {
    CHECK(play(verdict::act_tcp_refused, {}).outcome == Outcome::warned);
    CHECK(play(verdict::act_tcp_refused, with_jitter()).outcome == Outcome::passed);
    Manners manners = with_jitter();
    manners.gives_up_after_s = 0;
    const auto result = play(verdict::act_tcp_refused, manners);
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message == "Accepted by a server that says nothing, it did not give up.");
}

TEST_CASE("in quick a device whose pauses grow to 60 s, and begin anew with a report, is let in until it reports") {
    Manners manners = with_jitter();
    manners.connack_resets_pause = false;
    manners.reports_every_s = 5;
    for (const auto make : {verdict::act_connack_refused, verdict::act_no_connack, verdict::act_tcp_refused}) {
        const auto result = play(make, manners, quick());
        CHECK_MESSAGE(result.outcome == Outcome::passed, result.message);
    }
}

TEST_CASE("in quick a device that always waits 60 s is waited for, and passes: no longer pause is asked for") {
    const auto result = play(verdict::act_connack_refused, fixed(60), quick());
    CHECK_MESSAGE(result.outcome == Outcome::passed, result.message);
}

TEST_CASE("a device that comes back and reports no more fails") {
    Manners manners;
    manners.reports_every_s = 5;
    manners.reports_again = false;
    const auto result = play(verdict::act_connack_refused, manners);
    CHECK(result.outcome == Outcome::failed);
    CHECK(result.message == "Let in again, it came back and reported nothing any more.");
}
