#include "server/net/admission.h"

#include <doctest/doctest.h>

using net::Admission;
using Verdict = net::Admission::Verdict;

TEST_CASE("those that have not logged in take at most half of the places, the oldest go first") {
    Admission admission({.connections = 4});
    CHECK(admission.admit(1, "a") == Verdict::admitted);
    CHECK(admission.admit(2, "a") == Verdict::admitted);
    CHECK_FALSE(admission.surplus());
    CHECK(admission.admit(3, "a") == Verdict::admitted);
    CHECK(admission.surplus() == 1);
    admission.released(1, "a");
    CHECK_FALSE(admission.surplus());
    CHECK(admission.unauthenticated() == 2);
}

TEST_CASE("who has logged in is never sent away") {
    Admission admission({.connections = 4});
    for (Admission::Number number = 1; number <= 4; ++number) {
        CHECK(admission.admit(number, "a") == Verdict::admitted);
        admission.authenticated(number);
    }
    CHECK_FALSE(admission.surplus());
    CHECK(admission.admit(5, "a") == Verdict::full);
    admission.released(2, "a");
    CHECK(admission.admit(6, "a") == Verdict::admitted);
}

TEST_CASE("a newcomer takes the place of one that has not logged in") {
    Admission admission({.connections = 3});
    CHECK(admission.admit(1, "a") == Verdict::admitted);
    for (Admission::Number number = 2; number <= 3; ++number) {
        CHECK(admission.admit(number, "a") == Verdict::admitted);
        admission.authenticated(number);
    }
    CHECK(admission.admit(4, "a") == Verdict::admitted);
    CHECK(admission.surplus() == 1);
    admission.released(1, "a");
    CHECK_FALSE(admission.surplus());
}

TEST_CASE("an address has a limit of its own, where there is one") {
    Admission limited({.connections = 10, .per_address = 2});
    CHECK(limited.admit(1, "a") == Verdict::admitted);
    CHECK(limited.admit(2, "a") == Verdict::admitted);
    CHECK(limited.admit(3, "a") == Verdict::address_full);
    CHECK(limited.admit(4, "b") == Verdict::admitted);
    limited.released(1, "a");
    CHECK(limited.admit(5, "a") == Verdict::admitted);
}

TEST_CASE("control connections have places of their own") {
    Admission admission({.connections = 1, .control = 2});
    CHECK(admission.admit(1, "a") == Verdict::admitted);
    admission.authenticated(1);
    CHECK(admission.admit_control() == Verdict::admitted);
    CHECK(admission.admit_control() == Verdict::admitted);
    CHECK(admission.admit_control() == Verdict::full);
    admission.released_control();
    CHECK(admission.admit_control() == Verdict::admitted);
    CHECK(admission.admit(2, "a") == Verdict::full);
}

TEST_CASE("with few open files there are fewer places, never more than were wanted") {
    const auto plenty = net::within_open_files({.connections = 20'000, .per_address = 7, .control = 1'000}, 30'000);
    CHECK(plenty.connections == 20'000);
    CHECK(plenty.control == 1'000);
    CHECK(plenty.per_address == 7);
    const auto few = net::within_open_files({.connections = 20'000, .control = 1'000}, 1'128);
    CHECK(few.connections == 749);
    CHECK(few.control == 251);
    const auto modest = net::within_open_files({.connections = 10, .control = 1'000}, 1'128);
    CHECK(modest.connections == 10);
    CHECK(modest.control == 990);
    const auto none = net::within_open_files({.connections = 20'000, .control = 1'000}, 3);
    CHECK(none.connections == 1);
    CHECK(none.control == 1);
}
