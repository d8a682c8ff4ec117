#include "server/verdict/checks/session_act.h"

#include "server/verdict/checks/act_tools.h"

#include <optional>
#include <set>
#include <string>

namespace verdict {

namespace {

constexpr const char* subscribe_where_new =
    "Look at Session Present, and subscribe to everything where it is 0. "
    "[MQTT-3.2.2-2]";

// What it used before and did not subscribe to in its new session.
class Missing {
  public:
    explicit Missing(const Habits& habits) : filters_(habits.filters()) {}
    void on(const Observation& observation) {
        const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen);
        if (!subscribe) return;
        for (const auto& each : subscribe->packet.filters) filters_.erase(std::string(each.filter));
    }
    bool empty() const { return filters_.empty(); }
    const std::string& first() const { return *filters_.begin(); }

  private:
    std::set<std::string, std::less<>> filters_;
};

// Its session is gone when it comes back: it subscribes again to what it uses.
class Resubscribes : public Act {
  public:
    explicit Resubscribes(std::string what) : what_(std::move(what)) {}

    void begin(Desk& desk) override {
        missing_.emplace(desk.habits());
        start(desk);
        desk.order(Disconnect{});
        desk.wait("the device to come back", desk.now() + comes_back_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        if (loses_connection(observation, desk)) {
            back_.reset();
            lost(desk);
        }
        if (logs_in(observation)) {
            back_ = desk.now();
            missing_.emplace(desk.habits());
            desk.wait("the device to subscribe again", desk.now() + desk.parameters().patience);
        }
        if (!back_) return;
        missing_->on(observation);
        if (missing_->empty()) desk.end(passed(what_ + " it came back" + again_));
    }
    void at(Desk& desk) override {
        if (!back_) return desk.end(failed(what_ + " it did not come back.", "Go on trying, with a growing pause."));
        desk.end(failed(what_ + " it came back and did not subscribe to '" + missing_->first() + "' again.",
                        subscribe_where_new));
    }

  protected:
    virtual void start(Desk& desk) = 0;
    virtual void lost(Desk& /*desk*/) {}
    void says(std::string again) { again_ = std::move(again); }

  private:
    std::string what_;
    std::string again_ = " and subscribed to what it uses.";
    std::optional<Missing> missing_;
    std::optional<Moment> back_;
};

class LostSession final : public Resubscribes {
  public:
    LostSession() : Resubscribes("With its session lost") {}

  protected:
    void start(Desk& desk) override { desk.order(Arm{R"({"kind":"connack","session_present":false})"}); }
};

// Only once it is stored, a session has an age.
class OldSession final : public Resubscribes {
  public:
    OldSession() : Resubscribes("25 hours later") {}

  protected:
    void start(Desk& desk) override {
        if (!desk.habits().subscribes()) says(".");
    }
    void lost(Desk& desk) override {
        if (!aged_) desk.order(AgeSessions{25});
        aged_ = true;
    }

  private:
    bool aged_ = false;
};

// Session Present 1 after Clean Session 1 breaks the standard: the device may carry on or close, without a loop.
class WrongSession final : public Act {
  public:
    void begin(Desk& desk) override {
        desk.order(Arm{R"({"kind":"connack","session_present":true})"});
        desk.order(Disconnect{});
        desk.wait("the device to come back", desk.now() + comes_back_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        if (!logs_in(observation)) return;
        if (!back_) desk.wait("a loop of connects", desk.now() + loop_window);
        back_ = true;
        if (loop_.add(desk.now()))
            desk.end(failed("Told of a session that it did not ask for, it connected " + std::to_string(loop_.count()) +
                                " times within " + seconds_text(loop_window) + ".",
                            "Carry on, or close and pause before the next attempt. [MQTT-3.2.2-1]"));
    }
    void at(Desk& desk) override {
        if (!back_) return desk.end(failed("It did not come back.", "Go on trying, with a growing pause."));
        desk.end(passed("Told of a session that it did not ask for, it did not connect again and again."));
    }

  private:
    bool back_ = false;
    Loop loop_{loop_window, loop_limit};
};

// Which of the two a device is asked depends on its Clean Session.
class SessionPresent final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!desk.habits().clean_session() && !desk.habits().subscribes())
            return desk.end(not_run("It keeps a session and subscribes to nothing: it loses nothing with it."));
        if (desk.habits().clean_session())
            act_ = std::make_unique<WrongSession>();
        else
            act_ = std::make_unique<LostSession>();
        act_->begin(desk);
    }
    void on(const Observation& observation, Desk& desk) override { act_->on(observation, desk); }
    void at(Desk& desk) override { act_->at(desk); }

  private:
    std::unique_ptr<Act> act_;
};

// A peer logs in with its ClientID, again and again as the device takes its place back.
class TakenOver final : public Act {
  public:
    void begin(Desk& desk) override {
        desk.order(TakeOver{});
        desk.wait("a fight for the connection", desk.now() + loop_window);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (!logs_in(observation)) return;
        ++back_;
        if (loop_.add(desk.now()))
            return desk.end(
                told(failed("Taken over by a peer with its ClientID, it took the connection back " +
                                std::to_string(loop_.count()) + " times within " + seconds_text(loop_window) + ".",
                            "Pause, and double the pause, when a connection ends soon after CONNACK. "
                            "[R22]")));
        desk.order(TakeOver{});
    }
    void at(Desk& desk) override {
        desk.order(EndPeer{});
        desk.end(told(passed("Taken over by a peer with its ClientID, it took the connection back " +
                             std::to_string(back_) + " times within " + seconds_text(loop_window) + ".")));
    }

  private:
    Result told(Result result) const {
        result.measured = {{"takeovers", static_cast<double>(back_)}};
        return result;
    }

    int back_ = 0;
    Loop loop_{loop_window, loop_limit};
};

}  // namespace

std::unique_ptr<Act> act_lost_session() {
    return std::make_unique<SessionPresent>();
}
std::unique_ptr<Act> act_old_session() {
    return std::make_unique<OldSession>();
}
std::unique_ptr<Act> act_taken_over() {
    return std::make_unique<TakenOver>();
}

}  // namespace verdict
