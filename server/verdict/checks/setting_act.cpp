#include "server/verdict/attempts.h"
#include "server/verdict/checks/applied.h"
#include "server/verdict/checks/downlink_act.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdict {

namespace {

constexpr const char* no_setting = "There is no settable resource that it could be told a value of.";
constexpr const char* take_it_unasked =
    "Take values on $resource/<alias>/<timestamp> without a subscription, from the CONNACK on, and report what was "
    "applied. [R31, R41, R42]";

// Whatever else it does: it keeps its connection, and where the alias was named it reports the value back.
class Setting : public Act {
  public:
    void begin(Desk& desk) override {
        if (!has_setting(desk)) return desk.end(not_run(no_setting));
        start(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        prepare(observation, desk);
        if (!set_ || desk.result()) return;
        if (loses_connection(observation, desk))
            return desk.end(failed("Told a value " + when() + ", it lost its connection.", take_it_unasked));
        const Reported* reported = setting_reported(observation, desk);
        if (!reported || !same_value(reported->text, value_)) return;
        Result result =
            passed("Told a value " + when() + ", it reported it back after " + seconds_text(desk.now() - *set_) + ".");
        result.measured = {{"applied_after_s", seconds(desk.now() - *set_)}};
        desk.end(std::move(result));
    }
    void at(Desk& desk) override {
        if (!set_) return desk.end(not_run("The device did not connect again."));
        if (!desk.parameters().setting_given)
            return desk.end(passed("Told a value " + when() +
                                   ", it stayed connected. Whether it applies it is judged "
                                   "where setting_alias is given."));
        desk.end(failed(
            "Told a value " + when() + ", it did not report it back within " + seconds_text(desk.now() - *set_) + ".",
            take_it_unasked));
    }

  protected:
    virtual void start(Desk& desk) = 0;
    virtual void prepare(const Observation& observation, Desk& desk) = 0;
    virtual std::string when() const = 0;
    // From now on the device can know `value`.
    void judge_from_now(std::string value, Desk& desk) {
        set_ = desk.now();
        value_ = std::move(value);
        const Moment patience = desk.parameters().patience;
        desk.wait("the device to apply '" + desk.parameters().setting_alias + "'",
                  desk.now() + (desk.parameters().setting_given ? patience : std::min(settles_within, patience)));
    }
    bool judging() const { return set_.has_value(); }

  private:
    std::optional<Moment> set_;
    std::string value_;
};

class SetAtConnect final : public Setting {
  protected:
    void start(Desk& desk) override {
        desk.order(Disconnect{});
        desk.wait("the device to come back", desk.now() + comes_back_within(desk));
    }
    void prepare(const Observation& observation, Desk& desk) override {
        if (judging() || !logs_in(observation)) return;
        desk.order(SetValue{desk.parameters().setting_alias, setting_value(desk, 0)});
        judge_from_now(setting_value(desk, 0), desk);
    }
    std::string when() const override { return "right after CONNACK"; }
};

class SetWhileAway final : public Setting {
  protected:
    // Refused until both values are set.
    void start(Desk& desk) override {
        desk.order(Arm{R"({"kind":"connack","code":3})"});
        desk.order(Disconnect{});
        desk.wait("the device to be away", desk.now() + desk.parameters().patience);
    }
    void prepare(const Observation& observation, Desk& desk) override {
        if (!away_ && loses_connection(observation, desk)) {
            away_ = true;
            desk.order(SetValue{desk.parameters().setting_alias, setting_value(desk, 0)});
            desk.order(SetValue{desk.parameters().setting_alias, setting_value(desk, 1)});
            desk.order(Disarm{});
            return desk.wait("the device to come back", desk.now() + comes_back_within(desk));
        }
        if (away_ && !judging() && logs_in(observation)) judge_from_now(setting_value(desk, 1), desk);
    }
    std::string when() const override { return "while it was away, the newest of two"; }

  private:
    bool away_ = false;
};

struct Disturbance {
    const char* fault;
    const char* what;
    bool lost;  // it arrives with the next connect
};

constexpr Disturbance disturbances[] = {
    {R"({"kind":"withhold","packet":"PUBLISH","topic":"$resource/#","times":1})", "lost", true},
    {R"({"kind":"duplicate","packet":"PUBLISH","topic":"$resource/#","times":2})", "doubled", false},
    {R"({"kind":"reorder","by":1,"times":1})", "out of order", false},
};

// What the device reports last of the setting is the last value that was set.
class DisturbedDownlinks final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!has_setting(desk)) return desk.end(not_run(no_setting));
        disturb(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        const Disturbance& now = disturbances[stage_];
        if (now.lost && hits(observation, "withhold")) {
            asked_to_leave_ = true;
            desk.order(Disconnect{});
        }
        if (loses_connection(observation, desk) && !std::exchange(asked_to_leave_, false))
            return desk.end(
                failed("With a downlink " + std::string(now.what) + ", it lost its connection.", take_it_unasked));
        const Reported* reported = setting_reported(observation, desk);
        if (!reported) return;
        last_ = reported->text;
        if (same_value(last_, wanted_)) desk.wait("what it reports last", desk.now() + settles_within);
    }
    void at(Desk& desk) override {
        const bool given = desk.parameters().setting_given;
        if (given && !same_value(last_, wanted_)) return desk.end(verdict());
        if (++stage_ < std::size(disturbances)) return disturb(desk);
        desk.end(passed(given ? "With downlinks lost, doubled and out of order it ended at the last value."
                              : "With downlinks lost, doubled and out of order it stayed connected."));
    }

  private:
    void disturb(Desk& desk) {
        const Disturbance& now = disturbances[stage_];
        last_.clear();
        desk.order(Disarm{});
        desk.order(Arm{now.fault});
        // The same value twice would not tell which one was applied.
        const std::string& alias = desk.parameters().setting_alias;
        if (!now.lost) desk.order(SetValue{alias, setting_value(desk, turn_++)});
        wanted_ = setting_value(desk, turn_++);
        desk.order(SetValue{alias, wanted_});
        const bool given = desk.parameters().setting_given;
        const Moment back = now.lost ? comes_back_within(desk) : Moment{0};
        desk.wait("the last value, with a downlink " + std::string(now.what),
                  desk.now() + back + (given ? desk.parameters().patience : settles_within));
    }
    Result verdict() const {
        const std::string what = disturbances[stage_].what;
        const std::string ended = last_.empty() ? "did not report the last value" : "ended at an older value";
        return failed("With a downlink " + what + ", it " + ended + ".",
                      "The topic ends in the time of the set: keep the value with the newest one. [R41, R42]");
    }

    std::size_t stage_ = 0;
    std::size_t turn_ = 0;
    std::string wanted_;
    std::string last_;
    bool asked_to_leave_ = false;
};

}  // namespace

std::unique_ptr<Act> act_set_at_connect() {
    return std::make_unique<SetAtConnect>();
}
std::unique_ptr<Act> act_set_while_away() {
    return std::make_unique<SetWhileAway>();
}
std::unique_ptr<Act> act_disturbed_downlinks() {
    return std::make_unique<DisturbedDownlinks>();
}

}  // namespace verdict
