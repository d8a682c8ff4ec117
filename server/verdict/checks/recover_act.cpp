#include "server/verdict/checks/recover_act.h"

#include "server/verdict/attempts.h"
#include "server/verdict/checks/act_tools.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

namespace verdict {

namespace {

using std::chrono::seconds;

// The first wait of the device is over the limit that the user set.
std::optional<Result> too_patient(const Desk& desk) {
    const Moment keep_alive = desk.habits().keep_alive();
    if (keep_alive == Moment{0}) return not_run("Its Keep Alive is 0: it has nothing to notice by.");
    if (keep_alive > desk.parameters().keep_alive_patience)
        return not_run("Its Keep Alive of " + seconds_text(keep_alive) + " is over keep_alive_patience_s.");
    return std::nullopt;
}

// A handshake that is never answered, once: it gives up and comes back.
class StalledHandshake final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!desk.habits().tls()) return desk.end(not_run("The device uses the plain port."));
        desk.order(Arm{R"({"kind":"tls_stall","times":1})"});
        desk.order(Disconnect{});
        desk.wait("the device's next handshake", desk.now() + desk.parameters().max_backoff);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (std::holds_alternative<FaultHit>(observation.seen)) {
            stalled_ = desk.now();
            stalled_connection_ = observation.connection;
            desk.wait("the device to give up its handshake", desk.now() + desk.parameters().patience);
        }
        if (!stalled_ || observation.connection != stalled_connection_ ||
            !std::holds_alternative<Closed>(observation.seen))
            return;
        Result result =
            passed("It gave up a handshake without an answer after " + seconds_text(desk.now() - *stalled_) + ".");
        result.measured = {{"gave_up_after_s", seconds_of(desk.now() - *stalled_)}};
        desk.end(std::move(result));
    }
    void at(Desk& desk) override {
        if (!stalled_) return desk.end(not_run("The device did not try to connect."));
        desk.end(failed(
            "Its handshake was not answered for " + seconds_text(desk.now() - *stalled_) + ", and it went on waiting.",
            "Set a timeout of ten to thirty seconds for the TLS handshake."));
    }

  private:
    static double seconds_of(Moment span) { return verdict::seconds(span); }

    std::optional<Moment> stalled_;
    std::uint64_t stalled_connection_ = 0;
};

// No port for a while: only coming back is judged, since a closed port shows the server nothing.
class Outage final : public Act {
  public:
    void begin(Desk& desk) override {
        const auto lasts = desk.parameters().outage;
        over_at_ = desk.now() + lasts;
        desk.order(Arm{R"({"kind":"outage","for_ms":)" + std::to_string(lasts.count() / 1'000) + "}"});
        desk.wait("the outage to pass and the device to come back",
                  over_at_ + 2 * desk.parameters().max_backoff + desk.parameters().patience);
    }
    void on(const Observation& observation, Desk& desk) override {
        attempts_.on(observation);
        if (!attempts_.connected() || desk.now() < over_at_) return;
        const Moment away = desk.now() - over_at_;
        Result result = passed("It was back " + seconds_text(away) + " after an outage of " +
                               seconds_text(desk.parameters().outage) + ".");
        result.measured = {{"back_after_s", verdict::seconds(away)},
                           {"attempts", static_cast<double>(attempts_.all().size())}};
        desk.end(std::move(result));
    }
    void at(Desk& desk) override {
        desk.end(failed("It was not back " + seconds_text(desk.now() - over_at_) + " after an outage of " +
                            seconds_text(desk.parameters().outage) + ".",
                        "Go on trying, however long the server is away."));
    }

  private:
    Moment over_at_{0};
    Attempts attempts_;
};

// The PINGRESP does not come: the device disconnects within 1.5 Keep Alive + 5 s.
class NoPingresp final : public Act {
  public:
    void begin(Desk& desk) override {
        if (auto reason = too_patient(desk)) return desk.end(*std::move(reason));
        desk.order(Arm{R"({"kind":"withhold","packet":"PINGRESP"})"});
        // A device that sends none in this time is not idle: else it were disconnected. [MQTT-3.1.2-24]
        desk.wait("a PINGREQ", desk.now() + desk.habits().keep_alive() * 3 / 2 + seconds(5));
    }
    void on(const Observation& observation, Desk& desk) override {
        const auto* packet = std::get_if<PacketCame>(&observation.seen);
        if (packet && packet->type == protocol::PacketType::pingreq && !asked_) {
            asked_ = desk.now();
            desk.wait("the device to give up its connection", desk.now() + limit(desk));
        }
        if (!asked_ || !loses_connection(observation, desk)) return;
        const Moment after = desk.now() - *asked_;
        Result result = passed("Without a PINGRESP it gave up the connection after " + seconds_text(after) + ".");
        result.measured = {{"gave_up_after_s", verdict::seconds(after)}};
        desk.end(std::move(result));
    }
    void at(Desk& desk) override {
        if (!asked_) return desk.end(not_run("No PINGREQ came: the device reports more often than its Keep Alive."));
        desk.end(failed("Without a PINGRESP it kept the connection for " + seconds_text(desk.now() - *asked_) + ".",
                        "Close the connection when no PINGRESP comes within the Keep Alive. [MQTT-3.1.2-24]"));
    }

  private:
    static Moment limit(const Desk& desk) { return desk.habits().keep_alive() * 3 / 2 + seconds(5); }

    std::optional<Moment> asked_;
};

// Nothing passes in either direction on the live connection: the device comes back on a new one.
class Broken final : public Act {
  public:
    Broken(std::string fault, std::string what, bool idle)
        : fault_(std::move(fault)), what_(std::move(what)), idle_(idle) {}

    void begin(Desk& desk) override {
        if (auto reason = too_patient(desk)) return desk.end(*std::move(reason));
        began_ = desk.now();
        desk.order(Arm{fault_});
        const Moment keep_alive = desk.habits().keep_alive();
        const Moment noticed = idle_ ? keep_alive * 2 + desk.parameters().max_backoff + seconds(30)
                                     : keep_alive * 3 / 2 + desk.parameters().patience;
        desk.wait("the device to come back on a new connection", began_ + noticed);
    }
    void on(const Observation& observation, Desk& desk) override {
        const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
        if (!connack || connack->code != 0) return;
        const Moment after = desk.now() - began_;
        Result result = passed(what_ + " it was back on a new connection after " + seconds_text(after) + ".");
        result.measured = {{"back_after_s", verdict::seconds(after)}};
        desk.end(std::move(result));
    }
    void at(Desk& desk) override {
        desk.end(failed(what_ + " it was not back after " + seconds_text(desk.now() - began_) + ".",
                        "Send PINGREQ when idle, and give up the connection when no PINGRESP comes. [MQTT-3.1.2-24]"));
    }

  private:
    std::string fault_;
    std::string what_;
    bool idle_;
    Moment began_{0};
};

}  // namespace

std::unique_ptr<Act> act_stalled_handshake() {
    return std::make_unique<StalledHandshake>();
}
std::unique_ptr<Act> act_outage() {
    return std::make_unique<Outage>();
}
std::unique_ptr<Act> act_no_pingresp() {
    return std::make_unique<NoPingresp>();
}
std::unique_ptr<Act> act_black_hole() {
    return std::make_unique<Broken>(R"({"kind":"silence","direction":"both","times":1})",
                                    "When nothing passed on its connection any more,", false);
}
std::unique_ptr<Act> act_forgotten() {
    return std::make_unique<Broken>(R"({"kind":"close","how":"reset","idle_ms":1,"times":1})",
                                    "When the server had forgotten its connection,", true);
}

}  // namespace verdict
