#include "server/verdict/checks/robust_act.h"

#include "server/verdict/checks/act_tools.h"

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace verdict {

namespace {

struct Damage {
    std::string_view packet;
    std::string_view how;
};

constexpr Damage damages[] = {
    {"CONNACK", "remaining_length"}, {"CONNACK", "reserved_flags"},
    {"CONNACK", "packet_type"},      {"CONNACK", "truncated"},
    {"CONNACK", "oversize"},         {"PUBLISH", "remaining_length"},
    {"PUBLISH", "packet_type"},      {"PUBLISH", "qos3"},
    {"PUBLISH", "truncated_utf8"},   {"PUBLISH", "wildcard_topic"},
    {"PUBLISH", "truncated"},        {"PUBLISH", "oversize"},
    {"PUBACK", "unknown_packet_id"}, {"SUBACK", "unknown_packet_id"},
};

// Whether this device is ever sent such a packet.
bool gets(const Desk& desk, std::string_view packet) {
    if (packet == "PUBACK") return desk.habits().acknowledged_reports();
    if (packet == "SUBACK") return desk.habits().subscribes();
    return true;
}

// One malformed packet after the other: each time the device closes or ignores it, comes back, and reports.
class Malformed : public Act {
  public:
    void begin(Desk& desk) override { next(desk); }
    void on(const Observation& observation, Desk& desk) override {
        if (!struck_) {
            if (!hits(observation, kind_)) return;
            struck_ = observation.connection;
            lost_ = false;
            return desk.wait("the device to be well after " + what_, desk.now() + away_at_most(desk));
        }
        if (std::holds_alternative<Closed>(observation.seen) && observation.connection == *struck_) lost_ = true;
        if (observation.connection != *struck_ && logs_in(observation)) back_ = true;
        // What it says after the packet, on whichever connection, shows that it goes on.
        const auto* packet = std::get_if<PacketCame>(&observation.seen);
        const bool pings = packet && packet->type == protocol::PacketType::pingreq;
        const bool expects_report = desk.habits().report_interval().has_value();
        if (back_ && !expects_report) return next(desk);
        if ((back_ || !lost_) && (reports(observation) || (pings && !expects_report))) next(desk);
    }
    void at(Desk& desk) override {
        if (!struck_) return desk.end(never_struck());
        // An idle device that ignores what it cannot read has nothing to say.
        if (!lost_ && !of_connect_ && !desk.habits().report_interval()) return next(desk);
        desk.end(not_well(desk));
    }

  protected:
    struct Next {
        std::string what;         // "a malformed PUBLISH (qos3)"
        std::string kind;         // of the fault
        std::string keys;         // of the fault, behind its kind
        std::string packet = {};  // that it is about; empty: the device has to come back for it
    };
    static Next corrupt(std::string_view packet, std::string_view how, std::optional<std::uint64_t> seed = {}) {
        return {"a malformed " + std::string(packet) + " (" + std::string(how) + ")", "corrupt",
                R"(,"packet":")" + std::string(packet) + R"(","how":")" + std::string(how) + "\"" +
                    (seed ? ",\"seed\":" + std::to_string(*seed) : ""),
                std::string(packet)};
    }
    // Nothing: that was all.
    virtual std::optional<Next> following(Desk& desk) = 0;
    virtual std::string summary() const = 0;
    virtual std::string told_beside() const { return ""; }
    int struck() const { return count_; }

  private:
    void next(Desk& desk) {
        if (struck_) ++count_;
        struck_.reset();
        back_ = false;
        const auto damage = following(desk);
        if (!damage) return desk.end(all_endured());
        what_ = damage->what;
        kind_ = damage->kind;
        of_connect_ = damage->packet.empty() || damage->packet == "CONNACK" || damage->packet == "SUBACK";
        desk.order(Disarm{});
        desk.order(Arm{R"({"kind":")" + kind_ + R"(","times":1)" + damage->keys + "}"});
        if (of_connect_) desk.order(Disconnect{});
        if (damage->packet == "PUBLISH") desk.order(PublishTo{"verdict/malformed", "malformed"});
        if (damage->packet == "PUBACK" && desk.has_hook("report")) desk.order(CallHook{"report"});
        desk.wait("a chance to send " + what_, desk.now() + comes_back_within(desk) + reports_within(desk));
    }
    // It may have to give up a connection on which no CONNACK came that it could read.
    static Moment away_at_most(const Desk& desk) {
        const Moment gives_up = desk.habits().keep_alive() * 3 / 2 + std::chrono::seconds(10);
        return std::max(desk.parameters().patience, std::min(gives_up, desk.parameters().keep_alive_patience)) +
               2 * desk.parameters().max_backoff + reports_within(desk);
    }
    Result all_endured() const {
        if (count_ == 0) return not_run("No malformed packet was sent.");
        Result result = passed(summary());
        result.measured = {{"malformed_packets", static_cast<double>(count_)}};
        return result;
    }
    Result never_struck() const {
        if (count_ == 0) return not_run("The device was not there to be sent " + what_ + ".");
        return failed("After " + std::to_string(count_) + " malformed packets it was not there to be sent " + what_ +
                          ". " + told_beside(),
                      "Close the connection at a packet that breaks the standard, and come back. [MQTT-4.8.0-1]");
    }
    Result not_well(const Desk& desk) const {
        return failed("Sent " + what_ + ", it was not connected and reporting again within " +
                          seconds_text(away_at_most(desk)) + ". " + told_beside(),
                      "Close the connection at a packet that breaks the standard, and come back. [MQTT-4.8.0-1]");
    }

    std::optional<std::uint64_t> struck_;  // the connection that the packet was sent on
    bool lost_ = false;
    bool back_ = false;
    bool of_connect_ = false;
    int count_ = 0;
    std::string what_;
    std::string kind_;
};

class EachDamage final : public Malformed {
  protected:
    std::optional<Next> following(Desk& desk) override {
        while (turn_ < std::size(damages) && !gets(desk, damages[turn_].packet)) ++turn_;
        if (turn_ == std::size(damages)) return std::nullopt;
        const Damage& damage = damages[turn_++];
        return corrupt(damage.packet, damage.how);
    }
    std::string summary() const override {
        return "Sent " + std::to_string(struck()) + " malformed packets, it came back and reported each time.";
    }

  private:
    std::size_t turn_ = 0;
};

// What a long run (soak) adds to damaged packets, a minute after the one before.
struct Trouble {
    const char* what;
    const char* kind;
    const char* keys;
    const char* packet;  // empty: the device has to come back for it
};

constexpr Trouble troubles[] = {
    {"a refusal", "connack", ",\"code\":3", ""},
    {"an end right after CONNACK", "close", R"(,"packet":"CONNACK","when":"after")", ""},
    {"a CONNACK that never came", "withhold", R"(,"packet":"CONNACK")", ""},
    {"a PUBACK that never came", "withhold", R"(,"packet":"PUBACK")", "PUBACK"},
    {"silence in both directions", "silence", R"(,"direction":"both")", ""},
};

class RandomDamage final : public Malformed {
  protected:
    std::optional<Next> following(Desk& desk) override {
        const auto& parameters = desk.parameters();
        if (parameters.corruptions != 0 && turn_ == parameters.corruptions) return std::nullopt;
        if (!began_) began_ = last_trouble_ = desk.now();
        if (parameters.duration > Moment{0} && desk.now() - *began_ >= parameters.duration) return std::nullopt;
        seed_ = parameters.seed;
        // Each by itself: the fault's own seed is told, and repeats it.
        std::minstd_rand random(static_cast<std::uint32_t>((seed_ + turn_) * 2'654'435'761U % 2'147'483'647U));
        random.discard(10);
        if (parameters.corruptions == 0 && desk.now() - last_trouble_ >= trouble_each) return trouble(random, desk);
        std::vector<std::string_view> packets = {"CONNACK", "PUBLISH"};
        for (const std::string_view each : {"PUBACK", "SUBACK"})
            if (gets(desk, each)) packets.push_back(each);
        const std::string_view packet = packets[random() % packets.size()];
        return corrupt(packet, "random", seed_ + turn_++);
    }
    std::string summary() const override {
        const std::string beside =
            troubles_ > 0 ? ", and " + std::to_string(troubles_) + " other troubles beside them" : "";
        return "Sent " + std::to_string(struck() - troubles_) + " packets with random bits flipped" + beside +
               ", it came back and reported. " + told_beside();
    }
    std::string told_beside() const override { return "The run's seed is " + std::to_string(seed_) + "."; }

  private:
    static constexpr Moment trouble_each = std::chrono::minutes(1);

    Next trouble(std::minstd_rand& random, const Desk& desk) {
        last_trouble_ = desk.now();
        ++turn_;
        ++troubles_;
        const Trouble* chosen = &troubles[random() % std::size(troubles)];
        if (!gets(desk, chosen->packet)) chosen = troubles;
        return {chosen->what, chosen->kind, chosen->keys, chosen->packet};
    }

    std::uint64_t turn_ = 0;
    std::uint64_t seed_ = 0;
    std::optional<Moment> began_;
    Moment last_trouble_{0};
    int troubles_ = 0;
};

// The power goes while a report waits for its PUBACK.
class PowerlessReport final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!desk.habits().report_interval() && !desk.has_hook("report"))
            return desk.end(not_run("The device was not seen reporting twice, and there is no hook 'report'."));
        desk.order(Arm{R"({"kind":"withhold","packet":"PUBACK"})"});
        if (desk.has_hook("report")) desk.order(CallHook{"report"});
        desk.wait("a report", desk.now() + reports_within(desk) + desk.parameters().patience);
    }
    void on(const Observation& observation, Desk& desk) override {
        switch (stage_) {
            case Stage::reporting:
                if (!reports(observation)) return;
                desk.order(CallHook{"power_cycle"});
                return go(Stage::cut, "the power cycle", desk.parameters().patience, desk);
            case Stage::cut:
                if (!answers_hook(observation, "power_cycle")) return;
                desk.order(Disarm{});
                return go(Stage::booting, "the device to come back", comes_back_within(desk), desk);
            case Stage::booting:
                if (!logs_in(observation)) return;
                if (desk.has_hook("report")) desk.order(CallHook{"report"});
                return go(Stage::back, "the device to report again", reports_within(desk) + desk.parameters().patience,
                          desk);
            case Stage::back:
                if (reports(observation))
                    desk.end(passed("After a power cut in the middle of a report it came back and reported again."));
        }
    }
    void at(Desk& desk) override {
        if (stage_ == Stage::reporting) return desk.end(not_run("No report came."));
        if (stage_ == Stage::cut) return desk.end(not_run("The power cycle was not answered."));
        desk.end(failed(std::string("After a power cut in the middle of a report it ") +
                            (stage_ == Stage::booting ? "did not come back." : "came back and did not report again."),
                        "Start from any state that a power cut can leave: write files whole, and check them."));
    }

  private:
    enum class Stage : std::uint8_t { reporting, cut, booting, back };
    void go(Stage stage, const char* waits_for, Moment within, Desk& desk) {
        stage_ = stage;
        desk.wait(waits_for, desk.now() + within);
    }

    Stage stage_ = Stage::reporting;
};

}  // namespace

std::unique_ptr<Act> act_malformed() {
    return std::make_unique<EachDamage>();
}
std::unique_ptr<Act> act_random_corruptions() {
    return std::make_unique<RandomDamage>();
}
std::unique_ptr<Act> act_powerless_report() {
    return std::make_unique<PowerlessReport>();
}

}  // namespace verdict
