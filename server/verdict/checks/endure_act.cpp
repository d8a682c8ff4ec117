#include "server/verdict/checks/endure_act.h"

#include "server/verdict/attempts.h"
#include "server/verdict/checks/act_tools.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

namespace verdict {

namespace {

struct Strange {
    std::vector<std::string> faults;
    std::string what;  // "Shown a chain of 16 KB,"
    std::string hint;
    bool needs_tls = false;
    Moment lasts{0};  // how long it must go on well; 0: until it connected and reported once
};

class Endure : public Act {
  public:
    explicit Endure(Strange strange) : strange_(std::move(strange)) {}

    void begin(Desk& desk) override {
        if (strange_.needs_tls && !desk.habits().tls()) return desk.end(not_run("The device uses the plain port."));
        for (const std::string& fault : strange_.faults) desk.order(Arm{fault});
        desk.order(Disconnect{});
        const Moment interval = desk.habits().report_interval().value_or(Moment{0});
        const auto& given = desk.parameters();
        desk.wait("the device to connect and report", desk.now() + given.max_backoff + given.patience + 2 * interval);
    }
    void on(const Observation& observation, Desk& desk) override {
        attempts_.on(observation);
        look(observation, desk);
        const bool connected = attempts_.connected();
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        reported_ |= connected && publish && publish->packet.topic.starts_with("$resource");
        const bool well = connected && (reported_ || !desk.habits().report_interval());
        if (desk.result() || !well || enduring_) return;
        const Moment lasts = goes_on(desk);
        if (lasts == Moment{0}) return desk.end(verdict());
        enduring_ = true;
        desk.wait("the device to go on", desk.now() + lasts);
    }
    void at(Desk& desk) override {
        if (enduring_) return desk.end(endured(desk));
        if (attempts_.all().empty()) return desk.end(not_run("The device did not try to connect."));
        desk.end(failed(strange_.what + " it did not get as far as to connect and report, in " +
                            std::to_string(attempts_.all().size()) + " attempts.",
                        strange_.hint));
    }

  protected:
    virtual void look(const Observation& /*observation*/, Desk& /*desk*/) {}
    // It is connected and reported: what else is done to it, and how long that may take.
    virtual Moment goes_on(Desk& /*desk*/) { return strange_.lasts; }
    // When that time is over.
    virtual Result endured(const Desk& /*desk*/) const { return verdict(); }
    virtual Result verdict() const { return passed(strange_.what + " it connected and went on."); }
    const Strange& strange() const { return strange_; }
    const Attempts& attempts() const { return attempts_; }
    bool enduring() const { return enduring_; }

  private:
    Strange strange_;
    Attempts attempts_;
    bool reported_ = false;
    bool enduring_ = false;
};

// Connected in spite of segments of one byte, it gets one full record: small messages, so that nothing but the record is
// large.
class RecordSizes final : public Endure {
  public:
    using Endure::Endure;

  protected:
    void look(const Observation& observation, Desk& desk) override {
        if (!enduring()) return;
        if (loses_connection(observation, desk))
            return desk.end(failed(std::string(full_record) + " it lost its connection.", strange().hint));
        if (reports(observation) && desk.habits().report_interval()) desk.end(verdict());
    }
    Moment goes_on(Desk& desk) override {
        desk.order(Disarm{});
        desk.order(Arm{R"({"kind":"tls_records","bytes":16384})"});
        desk.order(Arm{R"({"kind":"coalesce","packets":)" + std::to_string(messages) + "}"});
        for (int i = 0; i < messages; ++i) desk.order(PublishTo{topic, std::string(payload_bytes, 'x')});
        return reports_within(desk);
    }
    Result endured(const Desk& desk) const override {
        if (!desk.habits().report_interval()) return verdict();
        return failed(std::string(full_record) + " it reported nothing for " + seconds_text(reports_within(desk)) + ".",
                      strange().hint);
    }
    Result verdict() const override { return passed(strange().what + " and with a full record, it went on."); }

  private:
    static constexpr const char* topic = "verdict/records";
    // 33 PUBLISH packets of 512 bytes, topic and header included: more than the 16,384 bytes of a record.
    static constexpr int messages = 33;
    static constexpr std::size_t payload_bytes = 492;
    static constexpr const char* full_record = "With a TLS record of 16,384 bytes";
};

// One CONNECT, and nothing behind it before the CONNACK.
class LateConnack final : public Endure {
  public:
    using Endure::Endure;

  protected:
    void look(const Observation& observation, Desk& desk) override {
        if (std::holds_alternative<ConnackLeft>(observation.seen)) waiting_ = false;
        const bool packet = std::holds_alternative<PublishCame>(observation.seen) ||
                            std::holds_alternative<SubscribeCame>(observation.seen) ||
                            std::holds_alternative<PacketCame>(observation.seen);
        packets_ += waiting_ && packet ? 1 : 0;
        if (std::holds_alternative<ConnectCame>(observation.seen)) waiting_ = true;
        const bool gave_up = waiting_ && std::holds_alternative<Closed>(observation.seen);
        if (gave_up) desk.end(failed("Its CONNACK came 3 s late, and it did not wait for it.", strange().hint));
    }
    Result verdict() const override {
        if (packets_ > 0)
            return warned("It sent " + std::to_string(packets_) + " packets before its CONNACK came.",
                          "The standard allows it; what was sent is lost when the CONNACK refuses.");
        return passed("It waited for a CONNACK that came 3 s late.");
    }

  private:
    bool waiting_ = false;
    int packets_ = 0;
};

// No reconnect, and nothing sent twice while the first is on its way.
class SlowNetwork final : public Endure {
  public:
    using Endure::Endure;

  protected:
    void look(const Observation& observation, Desk& desk) override {
        if (!enduring()) return;
        if (loses_connection(observation, desk))
            return desk.end(failed(strange().what + " it lost its connection.", strange().hint));
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        repeats_ += publish && publish->packet.dup ? 1 : 0;
    }
    Result verdict() const override {
        if (repeats_ > 0)
            return warned(
                strange().what + " it sent " + std::to_string(repeats_) + " reports again on the same connection.",
                "Wait longer for PUBACK, or repeat after a reconnect only.");
        return passed(strange().what + " it kept its connection.");
    }

  private:
    int repeats_ = 0;
};

}  // namespace

std::unique_ptr<Act> act_large_chain() {
    return std::make_unique<Endure>(Strange{{R"({"kind":"tls_certificate","as":"large_chain"})"},
                                            "Shown a chain of three intermediates and 16 KB,",
                                            "Give the TLS library a receive buffer of 16 KB and a chain depth of 4.",
                                            true});
}
std::unique_ptr<Act> act_record_sizes() {
    return std::make_unique<RecordSizes>(
        Strange{{R"({"kind":"slice","bytes":1,"delay_ms":0})"},
                "With segments of one byte",
                "Read until a whole record is there; its buffer needs 16,384 bytes and the overhead.",
                true});
}
std::unique_ptr<Act> act_rotated_key() {
    return std::make_unique<Endure>(Strange{{R"({"kind":"tls_certificate","as":"rotated"})"},
                                            "Shown a new key and certificate of the same CA,",
                                            "Pin the CA and not the server's certificate or key: they change.",
                                            true});
}
std::unique_ptr<Act> act_late_connack() {
    return std::make_unique<LateConnack>(Strange{{R"({"kind":"delay","packet":"CONNACK","delay_ms":3000})"},
                                                 "With a CONNACK that came 3 s late,",
                                                 "Wait for CONNACK for ten seconds at least."});
}
std::unique_ptr<Act> act_slow_network() {
    return std::make_unique<SlowNetwork>(Strange{{R"({"kind":"bandwidth","direction":"both","bytes_per_s":2000})",
                                                  R"({"kind":"latency","direction":"both","delay_ms":2000})"},
                                                 "With 2 kB/s and 2 s of latency",
                                                 "Take timeouts of some ten seconds: mobile networks are that slow.",
                                                 false,
                                                 std::chrono::seconds(30)});
}
}  // namespace verdict
