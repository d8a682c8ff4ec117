#pragma once
// A device in virtual time, and the server around it as far as an act can see it: attempts, refusals, pauses.

#include "server/verdict/act.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>

namespace fake {

using verdict::Moment;

inline Moment in_seconds(double value) {
    return Moment(static_cast<std::int64_t>(value * 1e6));
}

struct Manners {
    // The pause in seconds after the n-th failed attempt in a row, from 1.
    std::function<double(int)> pause = [](int n) { return std::min(60.0, static_cast<double>(1U << std::min(n, 6))); };
    double gives_up_after_s = 10;      // waiting for a CONNACK or an answer to its ClientHello; 0: never
    bool connack_resets_pause = true;  // an accepting CONNACK resets the pauses
    double reports_every_s = 0;        // while connected; its report resets the pauses; 0: never
    bool reports_again = true;         // after it was kept out
    bool talks_after_refusal = false;
    int attempts_until_it_stops = 1'000'000;
};

class World {
  public:
    World(verdict::Act& act, Manners manners, verdict::Parameters parameters = {})
        : act_(act), manners_(std::move(manners)), parameters_(std::move(parameters)) {}

    // Plays until the act is over, or for a day.
    verdict::Result play() {
        if (manners_.reports_every_s > 0)
            for (int i = 0; i < 2; ++i)
                habits_.on({.at = i * every(), .connection = 1, .cursor = 0, .seen = report()}, false);
        call([&](verdict::Desk& desk) { act_.begin(desk); });
        while (!result_ && now_ < std::chrono::hours(24)) {
            const Moment wake = waiting_ ? waiting_->until : Moment::max();
            if (device_at_ <= wake && device_at_ != Moment::max())
                device_moves();
            else
                call_at(wake);
        }
        return result_.value_or(verdict::failed("the act did not end within a day", ""));
    }
    Moment now() const { return now_; }
    const std::string& waited_for() const { return said_; }

  private:
    void call_at(Moment wake) {
        now_ = std::max(now_, wake);
        waiting_.reset();
        call([&](verdict::Desk& desk) { act_.at(desk); });
    }
    template <typename F>
    void call(F&& what) {
        verdict::Desk desk(now_, subject_, parameters_, habits_);
        what(desk);
        if (desk.waiting()) {
            waiting_ = desk.waiting();
            said_ = waiting_->what;
        }
        result_ = desk.result();
        for (const verdict::Order& order : desk.take_orders()) obey(order);
    }
    void see(verdict::Seen seen) {
        if (result_) return;
        const verdict::Observation observation{
            .at = now_, .connection = connection_, .cursor = 0, .seen = std::move(seen)};
        habits_.on(observation, true);
        call([&](verdict::Desk& desk) { act_.on(observation, desk); });
    }
    void obey(const verdict::Order& order) {
        if (const auto* arm = std::get_if<verdict::Arm>(&order)) fault_ = arm->fault;
        if (std::holds_alternative<verdict::Disarm>(order)) fault_.clear();
        if (std::holds_alternative<verdict::Disconnect>(order) && open_) lose();
    }
    bool fault(std::string_view part) const { return fault_.find(part) != std::string::npos; }

    void device_moves() {
        now_ = std::max(now_, device_at_);
        if (open_ && !let_in_) return lose();  // it gives up waiting
        if (open_) {
            failures_ = 0;
            device_at_ = now_ + every();
            return see(report());
        }
        if (++attempts_ > manners_.attempts_until_it_stops) {
            device_at_ = Moment::max();
            return;
        }
        attempt();
    }
    void attempt() {
        ++connection_;
        open_ = true;
        let_in_ = false;
        device_at_ = Moment::max();
        see(verdict::Accepted{"127.0.0.1"});
        if (fault("refuse")) return lose();
        if (fault("silence")) return wait_for_answer();
        protocol::Connect packet;
        packet.keep_alive_s = 30;
        see(verdict::ConnectCame{packet, true});
        if (fault("withhold")) return wait_for_answer();
        if (fault("connack")) {
            see(verdict::ConnackLeft{.code = 3});
            if (manners_.talks_after_refusal) see(verdict::PublishCame{});
            return lose();
        }
        if (manners_.connack_resets_pause) failures_ = 0;
        const bool dropped = fault("CONNACK");
        let_in_ = true;
        if (!dropped && manners_.reports_every_s > 0 && manners_.reports_again) device_at_ = now_ + every();
        see(verdict::ConnackLeft{});
        if (dropped) lose();
    }
    Moment every() const { return in_seconds(manners_.reports_every_s); }
    static verdict::Seen report() {
        protocol::Publish packet;
        packet.topic = "$resource/a";
        return verdict::PublishCame{packet};
    }
    void wait_for_answer() {
        if (manners_.gives_up_after_s > 0) device_at_ = now_ + in_seconds(manners_.gives_up_after_s);
    }
    void lose() {
        open_ = false;
        device_at_ = now_ + in_seconds(manners_.pause(++failures_));
        see(verdict::Closed{});
    }

    verdict::Act& act_;
    Manners manners_;
    verdict::Parameters parameters_;
    verdict::Subject subject_{.connector = "local", .identity = "d1", .expected_host = "h"};
    verdict::Habits habits_;
    Moment now_{0};
    std::optional<verdict::Desk::Waiting> waiting_;
    std::string said_;
    std::optional<verdict::Result> result_;
    std::string fault_;
    bool open_ = true;  // connected, before the act begins
    bool let_in_ = true;
    std::uint64_t connection_ = 1;
    Moment device_at_ = Moment::max();
    int failures_ = 0;
    int attempts_ = 0;
};

}  // namespace fake
