#include "server/verdict/checks/delivery_act.h"

#include "server/verdict/checks/act_tools.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace verdict {

namespace {

constexpr const char* send_again =
    "Keep a report until its PUBACK came, and send it again with DUP 1 and the same packet id. [MQTT-4.4.0-1]";

// No PUBACK comes for one report: it is sent again, on this connection or on the next.
class LostPuback final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!desk.habits().acknowledged_reports())
            return desk.end(not_run("The device reports with QoS 0: nothing is acknowledged."));
        desk.order(Arm{R"({"kind":"withhold","packet":"PUBACK","topic":"$resource/#"})"});
        desk.order(Arm{R"({"kind":"withhold","packet":"PUBACK","topic":"$resource.batch"})"});
        if (desk.has_hook("report")) desk.order(CallHook{"report"});
        desk.wait("a report with QoS 1", desk.now() + reports_within(desk) + desk.parameters().patience);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (const auto* connack = std::get_if<ConnackLeft>(&observation.seen)) resumed_ = connack->session_present;
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        if (publish && reports(observation)) on_report(observation, publish->packet, desk);
        if (const auto* reported = std::get_if<Reported>(&observation.seen)) on_value(observation, *reported, desk);
        if (desk.result() || !sent_ || observation.connection != connection_) return;
        // It closes by itself, before it was asked to.
        if (std::holds_alternative<Closed>(observation.seen) && !next_connection_) go_to_next(desk);
    }
    void at(Desk& desk) override {
        if (!sent_) return desk.end(not_run("No report with QoS 1 came."));
        if (!next_connection_) {
            go_to_next(desk);
            return desk.order(Disconnect{});
        }
        const std::string text =
            "A report that was not acknowledged did not come again, on this connection or the next.";
        desk.end(clean_session_ ? warned(text + " With Clean Session 1 the standard does not ask for it.", send_again)
                                : failed(text, send_again));
    }

  private:
    void on_report(const Observation& observation, const protocol::Publish& packet, Desk& desk) {
        const std::size_t print =
            std::hash<std::string_view>{}(packet.topic) * 31 + std::hash<std::string_view>{}(packet.payload);
        if (!sent_) {
            if (packet.qos != 1) return;
            sent_ = desk.now();
            print_ = print;
            packet_id_ = packet.packet_id;
            connection_ = observation.connection;
            clean_session_ = desk.habits().clean_session();
            return desk.wait("the report to come again", desk.now() + desk.parameters().patience);
        }
        const bool same_session = observation.connection == connection_ || resumed_;
        const bool same_id = packet.packet_id == packet_id_ && packet.qos == 1;
        if (print != print_ && !(same_id && packet.dup)) return;
        desk.end(verdict(same_session, same_id, packet.dup, desk.now() - *sent_));
    }
    // On the next connection the value may come in a message of another form: a batch of all that is stored.
    void on_value(const Observation& observation, const Reported& reported, Desk& desk) {
        if (!sent_ || desk.result()) return;
        if (lost_alias_.empty() && observation.connection == connection_) {
            lost_alias_ = reported.alias;
            lost_text_ = reported.text;
        } else if (observation.connection != connection_ && reported.alias == lost_alias_ &&
                   reported.text == lost_text_) {
            desk.end(verdict(false, false, false, desk.now() - *sent_));
        }
    }
    static Result verdict(bool same_session, bool same_id, bool dup, Moment after) {
        Result result = passed("A report that was not acknowledged came again after " + seconds_text(after) + ".");
        if (same_session && !same_id)
            result = failed("A report that was not acknowledged came again with another packet id.", send_again);
        else if (same_session && !dup)
            result = failed("A report that was not acknowledged came again without DUP.", send_again);
        result.measured = {{"again_after_s", seconds(after)}};
        return result;
    }
    void go_to_next(Desk& desk) {
        next_connection_ = true;
        desk.order(Disarm{});
        desk.wait("the report to come again on the next connection", desk.now() + comes_back_within(desk));
    }

    std::optional<Moment> sent_;
    std::size_t print_ = 0;
    std::uint16_t packet_id_ = 0;
    std::uint64_t connection_ = 0;
    std::string lost_alias_, lost_text_;  // the first value of the lost report; empty: not seen yet
    bool clean_session_ = true;
    bool resumed_ = false;
    bool next_connection_ = false;
};

// Reports fall into an outage of this device alone: refused by CONNACK, as long as an outage lasts.
class StoredReports final : public Act {
  public:
    void begin(Desk& desk) override {
        interval_ = desk.habits().report_interval().value_or(Moment{0});
        const bool even = desk.habits().stamps_reports() && desk.habits().reports_evenly();
        by_hook_ = !even && desk.has_hook("report");
        if (by_hook_) return go_away(desk);
        if (!even && interval_ == Moment{0}) return desk.end(not_run(uneven));
        phase_ = even ? Phase::before : Phase::learning;
        desk.wait(even ? "the last report before the outage" : "reports with timestamps at even intervals",
                  desk.now() + (even ? 1 : stamps_wanted) * reports_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        if (phase_ == Phase::away && by_hook_) on_away(observation, desk);
        if (phase_ == Phase::letting_in && logs_in(observation)) {
            phase_ = Phase::listening;
            listening_for_ = std::max(desk.parameters().patience, 3 * interval_);
            desk.wait("the reports of the outage", desk.now() + listening_for_);
        }
        const auto* reported = std::get_if<Reported>(&observation.seen);
        if (!reported) return;
        values_ += phase_ == Phase::listening ? 1 : 0;
        if (!reported->timestamp_us) return;
        if (phase_ != Phase::away && phase_ != Phase::letting_in) note(*reported);
        if (phase_ == Phase::learning) learn(desk);
        if (phase_ == Phase::before) go_away(desk);
    }
    void at(Desk& desk) override {
        if (phase_ == Phase::learning) return desk.end(not_run(uneven));
        if (phase_ == Phase::before) return desk.end(not_run("No report with a timestamp came."));
        if (phase_ == Phase::away) {
            phase_ = Phase::letting_in;
            desk.order(Disarm{});
            return desk.wait("the device to come back", desk.now() + comes_back_within(desk));
        }
        if (phase_ == Phase::letting_in)
            return desk.end(failed("After the outage it did not come back.", "Go on trying, with a growing pause."));
        desk.end(by_hook_ ? by_count() : by_gaps());
    }

  private:
    enum class Phase : std::uint8_t { learning, before, away, letting_in, listening };
    static constexpr const char* uneven =
        "Its reports have no timestamps, or come too unevenly to miss one, and there is no hook 'report'.";
    static constexpr std::size_t stamps_wanted = 4;
    static constexpr std::uint64_t calls_wanted = 3;
    static constexpr std::size_t most_stamps = 10'000;

    // Three intervals within 20 % of each other, by the device's own clock.
    void learn(Desk& desk) {
        if (stamps_.size() < stamps_wanted) return;
        std::vector<std::int64_t> steps;
        for (std::size_t i = 1; i < stamps_.size(); ++i) steps.push_back(stamps_[i] - stamps_[i - 1]);
        const auto [shortest, longest] = std::ranges::minmax(steps);
        if (shortest <= 0 || longest * 5 > shortest * 6) return desk.end(not_run(uneven));
        interval_ = Moment((stamps_.back() - stamps_.front()) / static_cast<std::int64_t>(steps.size()));
        stamps_.erase(stamps_.begin(), stamps_.end() - 1);
        phase_ = Phase::before;
    }
    void go_away(Desk& desk) {
        phase_ = Phase::away;
        lasts_ = std::max(desk.parameters().outage, 3 * interval_);
        desk.order(Arm{R"({"kind":"connack","code":3})"});
        desk.order(Disconnect{});
        desk.wait("the outage to pass", desk.now() + lasts_);
    }
    void on_away(const Observation& observation, Desk& desk) {
        const bool gone = std::holds_alternative<Closed>(observation.seen) && calls_ == 0;
        if (gone || answers_hook(observation, "report")) call_hook(desk);
    }
    void call_hook(Desk& desk) {
        if (calls_ == calls_wanted) return;
        ++calls_;
        desk.order(CallHook{"report"});
    }
    void note(const Reported& reported) {
        if (alias_.empty()) alias_ = reported.alias;
        if (alias_ != reported.alias || stamps_.size() >= most_stamps) return;
        twice_ |= std::ranges::find(stamps_, *reported.timestamp_us) != stamps_.end();
        stamps_.push_back(*reported.timestamp_us);
    }
    Result doubled() const {
        return failed("After the outage it sent a report of '" + alias_ + "' twice, with the same timestamp.",
                      "Forget a report once its PUBACK came.");
    }
    static Result stores_nothing() {
        return warned("What it would have reported in the outage was not stored: nothing of it arrived afterwards.",
                      "Store reports with their timestamps while the server is away, and send them as a batch. [R38]");
    }
    Result by_count() const {
        if (twice_) return doubled();
        if (calls_ == 0) return not_run("The hook 'report' could not be called in the outage.");
        // What it reports anyway, now that it is back, comes on top.
        const std::uint64_t anyway = interval_ > Moment{0} ? static_cast<std::uint64_t>(listening_for_ / interval_) : 0;
        const std::uint64_t stored = values_ > anyway ? values_ - anyway : 0;
        if (stored == 0) return stores_nothing();
        Result result = stored < calls_ ? failed("Of " + std::to_string(calls_) + " reports in the outage, " +
                                                     std::to_string(stored) + " arrived afterwards.",
                                                 "Store more reports, and drop none before its PUBACK came.")
                                        : passed("All reports of the outage arrived afterwards.");
        result.measured = {{"reports_asked_for", static_cast<double>(calls_)},
                           {"values_arrived", static_cast<double>(values_)}};
        return result;
    }
    // One stamp each interval, from the last one before the outage on.
    Result by_gaps() const {
        if (twice_) return doubled();
        const std::int64_t step = std::max<std::int64_t>(1, interval_.count());
        const std::int64_t before = stamps_.front();
        auto sorted = stamps_;
        std::ranges::sort(sorted);
        std::int64_t lost = 0;
        for (std::size_t i = 1; i < sorted.size(); ++i)
            lost += std::max<std::int64_t>(0, (sorted[i] - sorted[i - 1] + step / 2) / step - 1);
        const bool stored = std::ranges::any_of(
            sorted, [&](std::int64_t stamp) { return stamp > before && stamp <= before + lasts_.count(); });
        if (!stored) return stores_nothing();
        Result result = lost > 0 ? failed("Of its reports of '" + alias_ + "', " + std::to_string(lost) +
                                              " are missing between those that arrived after the outage.",
                                          "Store more reports, and drop none before its PUBACK came.")
                                 : passed("The reports of the outage arrived afterwards, none is missing.");
        result.measured = {{"reports", static_cast<double>(sorted.size())}, {"missing", static_cast<double>(lost)}};
        return result;
    }

    Phase phase_ = Phase::before;
    Moment lasts_{0};
    Moment listening_for_{0};
    bool by_hook_ = false;
    Moment interval_{0};
    std::uint64_t calls_ = 0;
    std::uint64_t values_ = 0;
    std::string alias_;  // the first that is reported afterwards
    std::vector<std::int64_t> stamps_;
    bool twice_ = false;
};

}  // namespace

std::unique_ptr<Act> act_lost_puback() {
    return std::make_unique<LostPuback>();
}
std::unique_ptr<Act> act_stored_reports() {
    return std::make_unique<StoredReports>();
}

}  // namespace verdict
