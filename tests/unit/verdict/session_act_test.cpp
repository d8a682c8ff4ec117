#include "server/verdict/checks/session_act.h"

#include "tests/unit/verdict/turn.h"

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

Turn keeping(std::unique_ptr<verdict::Act> act, bool clean_session = false) {
    Turn told(std::move(act));
    protocol::Connect packet;
    packet.clean_session = clean_session;
    told.before(verdict::ConnectCame{packet, true});
    return told;
}

}  // namespace

TEST_CASE("SES-01 with its session lost it subscribes to all that it uses") {
    Turn told = keeping(verdict::act_lost_session());
    told.subscribing("a/#").subscribing("b").begin();
    CHECK(told.first_fault() == R"({"kind":"connack","session_present":false})");
    told.see(1, verdict::Closed{}).online(2).subscribe(2, "a/#");
    CHECK_FALSE(told.over());
    CHECK(told.subscribe(2, "b").outcome() == Outcome::passed);
    Turn half = keeping(verdict::act_lost_session());
    half.subscribing("a/#").subscribing("b").begin().see(1, verdict::Closed{}).online(2).subscribe(2, "a/#").in_vain();
    CHECK(half.result().message == "With its session lost it came back and did not subscribe to 'b' again.");
    Turn gone = keeping(verdict::act_lost_session());
    CHECK(gone.subscribing("a").begin().see(1, verdict::Closed{}).in_vain().outcome() == Outcome::failed);
    CHECK(keeping(verdict::act_lost_session()).begin().outcome() == Outcome::not_run);
}

TEST_CASE("SES-01 Session Present 1 after Clean Session 1: three connects in ten seconds are no loop, four are") {
    Turn told = keeping(verdict::act_lost_session(), true);
    told.begin();
    CHECK(told.first_fault() == R"({"kind":"connack","session_present":true})");
    for (std::uint64_t i = 2; i < 5; ++i) told.wait(second).online(i).see(i, verdict::Closed{});
    CHECK_FALSE(told.over());
    CHECK(told.online(5).outcome() == Outcome::failed);
    Turn calm = keeping(verdict::act_lost_session(), true);
    CHECK(calm.begin().online(2).in_vain().outcome() == Outcome::passed);
    Turn gone = keeping(verdict::act_lost_session(), true);
    CHECK(gone.begin().in_vain().outcome() == Outcome::failed);
}

TEST_CASE("SES-03 the session ages once it is stored, and what it used is subscribed to again") {
    Turn told = keeping(verdict::act_old_session());
    told.subscribing("a").begin();
    CHECK(told.count<verdict::AgeSessions>() == 0);
    told.see(1, verdict::Closed{});
    CHECK(told.last<verdict::AgeSessions>().hours == 25);
    CHECK(told.online(2).subscribe(2, "a").outcome() == Outcome::passed);
    Turn forgets = keeping(verdict::act_old_session());
    CHECK(forgets.subscribing("a").begin().see(1, verdict::Closed{}).online(2).in_vain().outcome() == Outcome::failed);
    Turn without = keeping(verdict::act_old_session(), true);
    CHECK(without.begin().see(1, verdict::Closed{}).online(2).outcome() == Outcome::passed);
    CHECK(without.result().message == "25 hours later it came back.");
}

TEST_CASE("SES-04 three takeovers in ten seconds are no fight, a fourth is") {
    Turn told(verdict::act_taken_over());
    told.begin();
    CHECK(told.waits() == 10 * second);
    for (std::uint64_t i = 2; i < 5; ++i) told.wait(2 * second).online(i);
    CHECK(told.count<verdict::TakeOver>() == 4);
    CHECK(told.online(5).outcome() == Outcome::failed);
    Turn slow(verdict::act_taken_over());
    slow.begin();
    for (std::uint64_t i = 2; i < 5; ++i) slow.wait(3 * second).online(i);
    CHECK(slow.in_vain().outcome() == Outcome::passed);
    CHECK(slow.count<verdict::EndPeer>() == 1);
    CHECK(Turn(verdict::act_taken_over()).begin().in_vain().outcome() == Outcome::passed);
}
