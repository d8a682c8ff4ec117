#include "server/verdict/checks/delivery_act.h"

#include "tests/unit/verdict/turn.h"

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

Turn lost_puback(bool clean_session) {
    Turn told(verdict::act_lost_puback());
    protocol::Connect packet;
    packet.keep_alive_s = 60;
    packet.clean_session = clean_session;
    told.before(verdict::ConnectCame{packet, true}).reporting(10 * second, 1);
    told.begin().see(1, Turn::report("21", 1, 7));
    return told;
}

Turn& back(Turn& told, bool session_present) {
    told.see(2, verdict::Accepted{"127.0.0.1"}).see(2, verdict::ConnectCame{});
    return told.see(2, verdict::ConnackLeft{.code = 0, .session_present = session_present});
}

verdict::Reported stamped(std::int64_t in_seconds) {
    return {.alias = "a", .text = "1", .timestamp_us = in_seconds * 1'000'000};
}

// Evenly every ten seconds; its last report before the outage is of second 100.
Turn away() {
    Turn told(verdict::act_stored_reports());
    told.reporting(10 * second).begin().see(1, stamped(100));
    CHECK(told.first_fault() == R"({"kind":"connack","code":3})");
    told.see(1, verdict::Closed{}).in_vain();
    return told;
}

}  // namespace

TEST_CASE("PUB-05 QoS 0 has nothing to lose, and without a report nothing is judged") {
    CHECK(Turn(verdict::act_lost_puback()).reporting(10 * second, 0).begin().outcome() == Outcome::not_run);
    CHECK(Turn(verdict::act_lost_puback()).reporting(10 * second, 1).begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("PUB-05 again on the same connection: with DUP and the same id it passes, without either it fails") {
    CHECK(lost_puback(true).wait(5 * second).see(1, Turn::report("21", 1, 7, true)).outcome() == Outcome::passed);
    CHECK(lost_puback(true).see(1, Turn::report("21", 1, 7, false)).outcome() == Outcome::failed);
    CHECK(lost_puback(true).see(1, Turn::report("21", 1, 8, true)).outcome() == Outcome::failed);
    CHECK_FALSE(lost_puback(true).see(1, Turn::report("22", 1, 8)).over());
}

TEST_CASE("PUB-05 after the patience it is disconnected, and the report comes on the next connection") {
    Turn told = lost_puback(false);
    CHECK(told.waits() == 60 * second);
    told.in_vain();
    CHECK(told.count<verdict::Disconnect>() == 1);
    CHECK(told.count<verdict::Disarm>() == 1);
    CHECK(back(told.see(1, verdict::Closed{}), true).see(2, Turn::report("21", 1, 7, true)).outcome() ==
          Outcome::passed);
    Turn fresh = lost_puback(true);
    fresh.see(1, verdict::Closed{});
    CHECK(fresh.count<verdict::Disconnect>() == 0);
    CHECK(back(fresh, false).see(2, Turn::report("21", 1, 1)).outcome() == Outcome::passed);
    Turn resumed = lost_puback(false);
    resumed.see(1, verdict::Closed{});
    CHECK(back(resumed, true).see(2, Turn::report("21", 1, 7, false)).outcome() == Outcome::failed);
}

TEST_CASE("PUB-05 the lost value may come in a batch on the next connection") {
    const verdict::Reported lost{.alias = "a", .text = "21"};
    const verdict::Reported other{.alias = "a", .text = "22"};
    Turn told = lost_puback(true);
    told.see(1, lost).in_vain();
    back(told.see(1, verdict::Closed{}), false);
    CHECK_FALSE(told.see(2, other).over());
    CHECK(told.see(2, lost).outcome() == Outcome::passed);
}

TEST_CASE("PUB-05 a lost report fails with Clean Session 0 and warns with 1") {
    Turn kept = lost_puback(false);
    CHECK(back(kept.see(1, verdict::Closed{}), false).in_vain().outcome() == Outcome::failed);
    Turn clean = lost_puback(true);
    CHECK(back(clean.see(1, verdict::Closed{}), false).in_vain().outcome() == Outcome::warned);
}

TEST_CASE("PUB-09 is judged where reports have timestamps and come evenly, or by a hook") {
    CHECK(Turn(verdict::act_stored_reports()).begin().outcome() == Outcome::not_run);
    Turn uneven(verdict::act_stored_reports());
    for (const int at : {0, 10, 20, 33}) uneven.before(Turn::report(), at * second);
    CHECK(uneven.before(stamped(1)).begin().in_vain().outcome() == Outcome::not_run);
    Turn within(verdict::act_stored_reports());
    for (const int at : {0, 10, 20, 32}) within.before(Turn::report(), at * second);
    CHECK_FALSE(within.before(stamped(1)).begin().over());
    CHECK(Turn(verdict::act_stored_reports()).reporting(10 * second).begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("PUB-09 evenness is learnt by the timestamps where the run has not seen enough") {
    const auto seen = [](std::initializer_list<std::int64_t> stamps) {
        Turn told(verdict::act_stored_reports());
        told.before(Turn::report(), verdict::Moment{0}).before(Turn::report(), 10 * second).begin();
        for (const std::int64_t stamp : stamps) told.see(1, stamped(stamp));
        return told;
    };
    Turn even = seen({10, 20, 30, 41});
    CHECK_FALSE(even.over());
    CHECK(even.count<verdict::Disconnect>() == 1);
    even.in_vain().online(2).see(2, stamped(51)).see(2, stamped(61)).see(2, stamped(71)).see(2, stamped(81));
    CHECK_MESSAGE(even.in_vain().outcome() == Outcome::passed, even.result().message);
    CHECK(seen({10, 20, 30, 43}).outcome() == Outcome::not_run);
    CHECK(seen({10, 20, 20, 30}).outcome() == Outcome::not_run);
    CHECK(seen({10, 20, 30}).in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("PUB-09 all reports of the outage arrive: passed; one is missing: failed; none: warned") {
    Turn all = away();
    all.online(2).see(2, stamped(110)).see(2, stamped(120)).see(2, stamped(130)).see(2, stamped(140));
    CHECK(all.in_vain().outcome() == Outcome::passed);
    Turn one = away();
    one.online(2).see(2, stamped(110)).see(2, stamped(130)).see(2, stamped(140));
    CHECK(one.in_vain().outcome() == Outcome::failed);
    CHECK(one.result().measured.back().number == doctest::Approx(1));
    Turn none = away();
    CHECK(none.online(2).see(2, stamped(140)).see(2, stamped(150)).in_vain().outcome() == Outcome::warned);
}

TEST_CASE("PUB-09 the same timestamp twice fails, and so does not coming back") {
    Turn twice = away();
    twice.online(2).see(2, stamped(110)).see(2, stamped(120)).see(2, stamped(120)).see(2, stamped(130));
    CHECK(twice.in_vain().outcome() == Outcome::failed);
    CHECK(away().in_vain().outcome() == Outcome::failed);
}

TEST_CASE("PUB-09 by the hook: three reports are asked for in the outage, and as many values arrive") {
    const auto told = [](int values) {
        Turn act(verdict::act_stored_reports());
        act.hooks({"report"}).begin().see(1, verdict::Closed{}).answer_hook("report").answer_hook("report");
        act.answer_hook("report");
        CHECK(act.count<verdict::CallHook>() == 3);
        act.in_vain().online(2);
        for (int i = 0; i < values; ++i) act.see(2, verdict::Reported{.alias = "a", .text = "1"});
        return act.in_vain().outcome();
    };
    CHECK(told(3) == Outcome::passed);
    CHECK(told(2) == Outcome::failed);
    CHECK(told(0) == Outcome::warned);
}
