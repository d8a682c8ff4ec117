#include "server/verdict/checks/provisioning_act.h"

#include "server/verdict/checks/backoff_act.h"
#include "tests/unit/verdict/turn.h"

#include <string>

namespace {

using turn::second;
using turn::Turn;
using verdict::AuthType;
using verdict::Outcome;

Turn& refused(Turn& told, std::uint64_t connection) {
    told.see(connection, verdict::Accepted{"127.0.0.1"}).see(connection, verdict::ConnectCame{{}, true});
    return told.see(connection, verdict::ConnackLeft{.code = 4}).see(connection, verdict::Closed{});
}

verdict::PublishLeft reply() {
    return {"$provision/d1", "token"};
}

// Requests after these pauses, each lost.
void lose_replies(Turn& told, const std::vector<int>& pauses) {
    told.provision(2).hit(2, "withhold");
    for (const int pause : pauses) told.wait(pause * second).see(2, Turn::publish("$provision/d1")).hit(2, "withhold");
}

}  // namespace

TEST_CASE("CON-02 a device that asks for a new credential when it is refused gets one") {
    Turn told(verdict::act_connack_refused());
    told.begin().provision(2);
    CHECK(told.count<verdict::RevokeCredential>() == 1);
    told.provision(3);  // answered: what it gets stays valid
    CHECK(told.count<verdict::RevokeCredential>() == 1);
    told.provision(4);
    CHECK(told.count<verdict::RevokeCredential>() == 2);
}

TEST_CASE("PRV-03 to PRV-06 certificate devices have no credential to ask for") {
    for (const auto make :
         {verdict::act_new_credential, verdict::act_lost_reply, verdict::act_cut_provisioning, verdict::act_revoked}) {
        Turn told(make());
        CHECK(told.device(AuthType::certificate).begin().outcome() == Outcome::not_run);
    }
}

TEST_CASE("PRV-03 to PRV-05 need a device that provisions again, by itself or by a hook") {
    const auto never = [](verdict::Parameters& parameters) { parameters.reprovisions = false; };
    for (const auto make : {verdict::act_new_credential, verdict::act_lost_reply, verdict::act_cut_provisioning}) {
        CHECK(Turn(make()).with(never).begin().outcome() == Outcome::not_run);
        Turn told(make());
        CHECK_FALSE(told.with(never).hooks({"provision"}).begin().over());
        CHECK(told.last<verdict::CallHook>().name == "provision");
        CHECK(told.count<verdict::RevokeCredential>() == 1);
        CHECK(Turn(make()).begin().in_vain().outcome() == Outcome::not_run);
    }
}

TEST_CASE("PRV-03 the anonymous connection ends and the device is back within the patience") {
    Turn told(verdict::act_new_credential());
    told.begin().provision(2).see(2, reply());
    CHECK(told.waits() == 60 * second);
    told.see(2, verdict::Closed{}).wait(2 * second).online(3);
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.result().measured.front().number == doctest::Approx(2));
}

TEST_CASE("PRV-03 staying, staying away, and keeping both connections fail") {
    Turn stays(verdict::act_new_credential());
    stays.begin().provision(2).see(2, reply()).in_vain();
    CHECK(stays.result().message == "With its credential in hand it stayed on the anonymous connection for 60 s.");
    Turn away(verdict::act_new_credential());
    away.begin().provision(2).see(2, reply()).see(2, verdict::Closed{}).in_vain();
    CHECK(away.result().message == "With its credential in hand it did not come back within 60 s.");
    Turn both(verdict::act_new_credential());
    CHECK(both.begin().provision(2).see(2, reply()).online(3).in_vain().outcome() == Outcome::failed);
    Turn unanswered(verdict::act_new_credential());
    CHECK(unanswered.begin().provision(2).in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("PRV-03 a credential in a payload fails, a password in its own request does not") {
    Turn told(verdict::act_new_credential());
    told.begin().provision(2).see(2, reply()).see(2, verdict::Closed{});
    auto leak = Turn::publish("$resource/debug", "token=abc");
    leak.holds_credential = true;
    CHECK(told.see(3, leak).online(3).outcome() == Outcome::failed);
    Turn password(verdict::act_new_credential());
    password.device(AuthType::password).begin();
    auto request = Turn::publish("$provision/d1", "01234567890123456789");
    request.holds_credential = true;
    password.see(2, verdict::Accepted{}).see(2, request).see(2, verdict::Closed{}).online(3);
    CHECK(password.outcome() == Outcome::passed);
}

TEST_CASE("PRV-04 growing pauses between requests pass, and it ends with a credential") {
    Turn told(verdict::act_lost_reply());
    told.begin();
    CHECK(told.first_fault() == R"({"kind":"withhold","packet":"PUBLISH","topic":"$provision/#"})");
    lose_replies(told, {1, 2, 4, 8, 16, 32});
    CHECK_FALSE(told.over());
    told.online(3);
    CHECK(told.outcome() == Outcome::passed);
    CHECK(told.count<verdict::Disarm>() == 1);
}

TEST_CASE("PRV-04 the wait for a reply is no part of the pause behind its connection") {
    Turn told(verdict::act_lost_reply());
    told.begin();
    std::uint64_t connection = 2;
    for (const int pause_ms : {100, 200, 400, 800, 0}) {
        told.provision(connection).wait(5 * second).see(connection, verdict::Closed{});
        if (pause_ms > 0) told.wait(std::chrono::milliseconds(pause_ms));
        ++connection;
    }
    CHECK(told.waits() == second);
    CHECK(told.in_vain().online(connection).outcome() == Outcome::passed);
}

TEST_CASE("PRV-04 fixed short pauses fail after a second round") {
    Turn told(verdict::act_lost_reply());
    told.begin();
    lose_replies(told, {1, 1, 1, 1, 1, 1});
    CHECK(told.count<verdict::Arm>() == 1);
    told.online(3);
    CHECK(told.count<verdict::Arm>() == 2);
    lose_replies(told, {1, 1, 1, 1, 1, 1, 1, 1});
    CHECK(told.online(4).outcome() == Outcome::failed);
}

TEST_CASE("PRV-04 a pause of max_backoff_s passes, one request alone fails, and so does staying away") {
    Turn patient(verdict::act_lost_reply());
    patient.begin();
    lose_replies(patient, {1});
    CHECK(patient.in_vain().online(3).outcome() == Outcome::passed);
    Turn once(verdict::act_lost_reply());
    once.begin();
    lose_replies(once, {});
    CHECK(once.waits() == 120 * second);
    CHECK(once.in_vain().online(3).outcome() == Outcome::failed);
    Turn gone(verdict::act_lost_reply());
    gone.begin();
    lose_replies(gone, {1, 2, 4, 8, 16, 32});
    CHECK(gone.in_vain().outcome() == Outcome::failed);
    Turn password(verdict::act_lost_reply());
    CHECK(password.device(AuthType::password).begin().outcome() == Outcome::not_run);
}

TEST_CASE("PRV-05 back with what it got, or asking again after a revoke, or stopping passes") {
    const auto cut = [](Turn& told) -> Turn& {
        told.begin().provision(2).see(2, reply());
        CHECK(told.last<verdict::CallHook>().name == "power_cycle");
        return told.answer_hook("power_cycle");
    };
    Turn kept(verdict::act_cut_provisioning());
    CHECK(cut(kept).online(3).outcome() == Outcome::passed);
    Turn lost(verdict::act_cut_provisioning());
    cut(lost).provision(3);
    CHECK(lost.count<verdict::RevokeCredential>() == 2);
    CHECK(lost.online(4).outcome() == Outcome::passed);
    Turn silent(verdict::act_cut_provisioning());
    CHECK(cut(silent).in_vain().outcome() == Outcome::passed);
    CHECK(silent.result().may_stay_away);
    Turn gave_up(verdict::act_cut_provisioning());
    CHECK(cut(gave_up).provision(3).in_vain().outcome() == Outcome::failed);
    Turn unanswered(verdict::act_cut_provisioning());
    CHECK(unanswered.begin().provision(2).see(2, reply()).in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("PRV-05 ten connections within ten seconds are a tight loop, nine are not") {
    Turn told(verdict::act_cut_provisioning());
    told.begin().provision(2).see(2, reply()).answer_hook("power_cycle");
    for (std::uint64_t i = 3; i < 12; ++i) refused(told.wait(second), i);
    CHECK_FALSE(told.over());
    CHECK(refused(told, 12).outcome() == Outcome::failed);
}

TEST_CASE("PRV-06 a request for a new credential, and being back with it, passes") {
    Turn told(verdict::act_revoked());
    told.begin();
    CHECK(told.count<verdict::RevokeCredential>() == 1);
    refused(told, 2).provision(3).online(4);
    CHECK(told.outcome() == Outcome::passed);
    Turn lost(verdict::act_revoked());
    lost.begin();
    CHECK(refused(lost, 2).provision(3).in_vain().outcome() == Outcome::failed);
}

TEST_CASE("PRV-06 a loop of refused logins fails, growing pauses pass where it does not provision again") {
    const auto never = [](verdict::Parameters& parameters) { parameters.reprovisions = false; };
    Turn tight(verdict::act_revoked());
    tight.with(never).begin();
    for (std::uint64_t i = 2; i < 9; ++i) refused(tight.wait(second / 5), i);
    CHECK(tight.count<verdict::TakeBack>() == 1);
    tight.online(9).see(9, verdict::Closed{});
    for (std::uint64_t i = 10; i < 19; ++i) refused(tight.wait(second / 5), i);
    CHECK(tight.outcome() == Outcome::failed);
    Turn calm(verdict::act_revoked());
    calm.with(never).begin();
    for (std::uint64_t i = 2; i < 9; ++i) refused(calm.wait((1U << i) * second / 4), i);
    CHECK(calm.outcome() == Outcome::passed);
    Turn should(verdict::act_revoked());
    should.begin();
    for (std::uint64_t i = 2; i < 9; ++i) refused(should.wait((1U << i) * second / 4), i);
    CHECK(should.result().message == "Revoked, it did not ask for a new credential.");
}
