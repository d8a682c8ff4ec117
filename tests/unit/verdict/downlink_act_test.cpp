#include "server/verdict/checks/downlink_act.h"

#include "server/verdict/checks/applied.h"
#include "tests/unit/verdict/turn.h"

namespace {

using turn::second;
using turn::Turn;
using verdict::Outcome;

void setting(verdict::Parameters& parameters) {
    parameters.setting_alias = "valve";
    parameters.setting_values = {"open", "closed"};
    parameters.setting_given = true;
}
void not_given(verdict::Parameters& parameters) {
    setting(parameters);
    parameters.setting_given = false;
}
void text_alias(verdict::Parameters& parameters) {
    parameters.text_alias = "note";
}
verdict::Reported valve(std::string_view text) {
    return {.alias = "valve", .text = text};
}

}  // namespace

TEST_CASE("a number may be reported back in another form, a text may not") {
    CHECK(verdict::same_value("21.50", "21.5"));
    CHECK(verdict::same_value("open", "open"));
    CHECK_FALSE(verdict::same_value("21.5", "21.6"));
    CHECK_FALSE(verdict::same_value("", "0"));
    CHECK_FALSE(verdict::same_value("open", "Open"));
}

TEST_CASE("RX-01, RX-02 and RX-04 are not run without a settable resource") {
    for (const auto make : {verdict::act_set_at_connect, verdict::act_set_while_away, verdict::act_disturbed_downlinks})
        CHECK(Turn(make()).begin().outcome() == Outcome::not_run);
}

TEST_CASE("RX-01 the value is set right after CONNACK and reported back within the patience") {
    Turn told(verdict::act_set_at_connect());
    told.with(setting).begin().online(2);
    CHECK(told.last<verdict::SetValue>().text == "open");
    CHECK(told.waits() == 60 * second);
    CHECK_FALSE(told.see(2, valve("closed")).over());
    CHECK(told.see(2, valve("open")).outcome() == Outcome::passed);
    Turn deaf(verdict::act_set_at_connect());
    CHECK(deaf.with(setting).begin().online(2).in_vain().outcome() == Outcome::failed);
}

TEST_CASE("RX-01 losing the connection fails; staying is enough where no setting was named") {
    Turn lost(verdict::act_set_at_connect());
    CHECK(lost.with(not_given).begin().online(2).see(2, verdict::Closed{}).outcome() == Outcome::failed);
    Turn other(verdict::act_set_at_connect());
    CHECK_FALSE(other.with(not_given).begin().online(2).see(9, verdict::Closed{}).over());
    CHECK(other.in_vain().outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_set_at_connect()).with(setting).begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("RX-02 two values are set while it is away, and the newest is applied") {
    Turn told(verdict::act_set_while_away());
    told.with(setting).begin().see(1, verdict::Closed{});
    CHECK(told.count<verdict::SetValue>() == 2);
    CHECK(told.count<verdict::Disarm>() == 1);
    told.online(2).see(2, valve("open"));
    CHECK_FALSE(told.over());
    CHECK(told.see(2, valve("closed")).outcome() == Outcome::passed);
    Turn older(verdict::act_set_while_away());
    older.with(setting).begin().see(1, verdict::Closed{}).online(2).see(2, valve("open"));
    CHECK(older.in_vain().outcome() == Outcome::failed);
}

TEST_CASE("RX-03 three subscriptions within ten seconds are no loop, a fourth is") {
    CHECK(Turn(verdict::act_refused_subscription()).begin().outcome() == Outcome::not_run);
    Turn told(verdict::act_refused_subscription());
    told.subscribing("a/#").begin().online(2);
    for (int i = 0; i < 3; ++i) told.subscribe(2, "a/#").wait(second);
    CHECK_FALSE(told.over());
    CHECK(told.subscribe(2, "a/#").outcome() == Outcome::failed);
    Turn calm(verdict::act_refused_subscription());
    calm.subscribing("a/#").begin().online(2).subscribe(2, "a/#").subscribe(2, "b").subscribe(2, "c").subscribe(2, "d");
    CHECK(calm.in_vain().outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_refused_subscription()).subscribing("a").begin().in_vain().outcome() == Outcome::not_run);
}

TEST_CASE("RX-04 lost, doubled, out of order: it ends at the last value each time") {
    Turn told(verdict::act_disturbed_downlinks());
    told.with(setting).begin().hit(1, "withhold");
    CHECK(told.count<verdict::Disconnect>() == 1);
    told.see(1, verdict::Closed{}).online(2).see(2, valve(told.last<verdict::SetValue>().text)).in_vain();
    CHECK(told.faults().back() == R"({"kind":"duplicate","packet":"PUBLISH","topic":"$resource/#","times":2})");
    told.see(2, valve(told.last<verdict::SetValue>().text)).in_vain();
    CHECK(told.faults().back() == R"({"kind":"reorder","by":1,"times":1})");
    told.see(2, valve(told.last<verdict::SetValue>().text)).in_vain();
    CHECK(told.outcome() == Outcome::passed);
}

TEST_CASE("RX-04 an older value in the end fails, and so does a lost connection") {
    Turn told(verdict::act_disturbed_downlinks());
    told.with(setting).begin().hit(1, "withhold").see(1, verdict::Closed{}).online(2);
    const std::string first = told.last<verdict::SetValue>().text;
    told.see(2, valve(first)).in_vain();
    const std::string second_value = told.last<verdict::SetValue>().text;
    told.see(2, valve(second_value)).see(2, valve("something else")).in_vain();
    CHECK(told.result().message == "With a downlink doubled, it ended at an older value.");
    Turn lost(verdict::act_disturbed_downlinks());
    CHECK(lost.with(setting).begin().see(1, verdict::Closed{}).outcome() == Outcome::failed);
    Turn deaf(verdict::act_disturbed_downlinks());
    CHECK(deaf.with(setting).begin().in_vain().outcome() == Outcome::failed);
}

TEST_CASE("RX-05 five sizes, one after the other, and reports in between") {
    CHECK(Turn(verdict::act_downlink_sizes()).begin().outcome() == Outcome::not_run);
    Turn told(verdict::act_downlink_sizes());
    told.with(text_alias).reporting(10 * second).begin();
    for (const std::size_t size : {0U, 1U, 1'024U, 65'536U, 1'048'576U}) {
        CHECK(told.last<verdict::SetValue>().text.size() == size);
        told.see(1, Turn::report());
    }
    CHECK(told.outcome() == Outcome::passed);
    Turn silent(verdict::act_downlink_sizes());
    CHECK(silent.with(text_alias).reporting(10 * second).begin().in_vain().outcome() == Outcome::failed);
    Turn lost(verdict::act_downlink_sizes());
    CHECK(lost.with(text_alias).begin().in_vain().see(1, verdict::Closed{}).outcome() == Outcome::failed);
    CHECK(lost.result().message == "With a value of 1 bytes it lost its connection.");
}

TEST_CASE("RX-06 one PUBLISH in many segments, and twenty in one") {
    Turn told(verdict::act_segments());
    told.begin();
    CHECK(told.faults().back() == R"({"kind":"slice","bytes":1})");
    told.in_vain();
    CHECK(told.faults().back() == R"({"kind":"coalesce","packets":20})");
    CHECK(told.count<verdict::PublishTo>() == 21);
    CHECK(told.in_vain().outcome() == Outcome::passed);
    CHECK(Turn(verdict::act_segments()).begin().see(1, verdict::Closed{}).outcome() == Outcome::failed);
}

TEST_CASE("RX-07 an unknown alias and an arbitrary topic are ignored") {
    Turn told(verdict::act_unknown_downlinks());
    CHECK(told.begin().in_vain().in_vain().outcome() == Outcome::passed);
    CHECK(told.last<verdict::PublishTo>().topic == "verdict/arbitrary/topic");
    Turn lost(verdict::act_unknown_downlinks());
    CHECK(lost.begin().in_vain().see(1, verdict::Closed{}).outcome() == Outcome::failed);
}
