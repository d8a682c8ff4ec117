#include "server/verdict/checks/publish_watch.h"

#include "server/verdict/slips.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>
#include <vector>

namespace verdict {

namespace {

using protocol::PacketType;

constexpr std::string_view nested = "R40.nested";  // JSON within JSON that is no string: PUB-04

// Fails on findings of some rules, telling the first one as it stands.
class Findings final : public Watch {
  public:
    Findings(std::initializer_list<std::string_view> rules, std::string all_well)
        : rules_(rules), all_well_(std::move(all_well)) {}

    void on(const Observation& observation, bool /*provoked*/) override {
        if (std::holds_alternative<PublishCame>(observation.seen)) ++publishes_;
        const auto* found = std::get_if<Found>(&observation.seen);
        if (!found || found->info || std::ranges::find(rules_, found->rule) == rules_.end()) return;
        if (found->code == nested) return;
        if (!slips_.any()) hint_ = found->hint;
        std::string example(found->message);
        while (example.ends_with('.')) example.pop_back();
        slips_.add(observation, std::move(example));
    }
    Result conclude() const override {
        if (slips_.any()) return slips_.fails(hint_);
        if (publishes_ == 0) return not_run("The device published nothing.");
        return passed(all_well_);
    }

  private:
    std::vector<std::string_view> rules_;
    std::string all_well_;
    Slips slips_;
    std::string hint_;
    std::uint64_t publishes_ = 0;
};

class Timestamps final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* report = std::get_if<Reported>(&observation.seen);
        if (!report || !report->timestamp_us) return;
        ++stamped_;
        const std::int64_t stamp = *report->timestamp_us;
        const std::string text = "A batch entry of '" + std::string(report->alias) + "' has the timestamp " +
                                 std::to_string(stamp) + ", which ";
        if (stamp < milliseconds_below)
            slips_.add(observation, text + "is no number of microseconds since 1970");
        else if (stamp < year_2000)
            slips_.add(observation, text + "lies before the year 2000");
        else if (stamp > report->now_us + five_minutes)
            slips_.add(observation,
                       text + "lies " + std::to_string((stamp - report->now_us) / 1'000'000) + " s in the future");
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails("Send microseconds since 1970 (16 digits), from a clock that is set. [R38]");
        if (stamped_ == 0) return not_run("The device sent no batch with timestamps.");
        return passed("Each of " + std::to_string(stamped_) + " timestamps is in microseconds and plausible.");
    }

  private:
    static constexpr std::int64_t milliseconds_below = 100'000'000'000'000;
    static constexpr std::int64_t year_2000 = 946'684'800'000'000;
    static constexpr std::int64_t five_minutes = 300'000'000;

    Slips slips_;
    std::uint64_t stamped_ = 0;
};

class NestedJson final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        if (std::holds_alternative<Reported>(observation.seen)) ++values_;
        const auto* found = std::get_if<Found>(&observation.seen);
        if (found && found->code == nested) slips_.add(observation, "It sent JSON within JSON as an object or array");
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails(
                "Send a value that holds JSON as a string with escaped quotes: "
                "{\"config\":\"{\\\"a\\\":1}\"}. [R40]");
        if (values_ == 0) return not_run("The device reported no value.");
        return passed("No value was an object or an array.");
    }

  private:
    Slips slips_;
    std::uint64_t values_ = 0;
};

class Qos2 final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        if (!publish) return;
        ++publishes_;
        if (publish->packet.qos == 2)
            slips_.add(observation, "It published to '" + std::string(publish->packet.topic) + "' with QoS 2");
    }
    Result conclude() const override {
        if (slips_.any()) return slips_.warns("Publish with QoS 0 or 1: Murano answers no PUBREC. [R26]");
        if (publishes_ == 0) return not_run("The device published nothing.");
        return passed("No PUBLISH had QoS 2.");
    }

  private:
    Slips slips_;
    std::uint64_t publishes_ = 0;
};

// DUP where nothing was sent before, or with QoS 0, and the packets of QoS 2.
class Dup final : public Watch {
  public:
    void on(const Observation& observation, bool provoked) override {
        if (const auto* packet = std::get_if<PacketCame>(&observation.seen)) return on_packet(observation, *packet);
        const auto* hit = std::get_if<FaultHit>(&observation.seen);
        if (hit && hit->kind == "corrupt") damaged_ = observation.connection;
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        if (!publish) return;
        ++publishes_;
        const std::string topic = "It published to '" + std::string(publish->packet.topic) + "' with DUP 1 ";
        if (publish->packet.dup && publish->packet.qos == 0)
            slips_.add(observation, topic + "and QoS 0, which closes the connection");
        else if (publish->packet.dup && !provoked && !known(publish->packet.packet_id))
            slips_.add(observation, topic + "although it was the first time");
        if (publish->packet.qos > 0 && !known(publish->packet.packet_id)) sent_.push_back(publish->packet.packet_id);
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.warns("Set DUP only where the same packet id is sent again, with QoS 1. [R27, R28, R30]");
        if (publishes_ == 0) return not_run("The device published nothing.");
        return passed("DUP was used as the standard says.");
    }

  private:
    void on_packet(const Observation& observation, const PacketCame& packet) {
        const bool of_qos_2 = packet.type == PacketType::pubrec || packet.type == PacketType::pubrel ||
                              packet.type == PacketType::pubcomp;
        if (of_qos_2 && observation.connection != damaged_)
            slips_.add(observation,
                       "It sent " + std::string(protocol::packet_name(packet.type)) + ", which closes the connection");
    }
    bool known(std::uint16_t packet_id) const { return std::ranges::find(sent_, packet_id) != sent_.end(); }

    Slips slips_;
    std::vector<std::uint16_t> sent_;  // at most 65,535
    std::uint64_t damaged_ = 0;        // the connection on which it was sent a damaged packet: it may answer to that
    std::uint64_t publishes_ = 0;
};

class Retain final : public Watch {
  public:
    void on(const Observation& observation, bool /*provoked*/) override {
        if (const auto* connect = std::get_if<ConnectCame>(&observation.seen)) {
            ++packets_;
            const auto& will = connect->packet.will;
            if (will && (will->retain || will->qos > 0))
                slips_.add(observation, will->retain ? "Its Will has the retain flag"
                                                     : "Its Will has QoS " + std::to_string(will->qos));
        }
        const auto* publish = std::get_if<PublishCame>(&observation.seen);
        if (!publish) return;
        ++packets_;
        if (publish->packet.retain)
            slips_.add(observation,
                       "It published to '" + std::string(publish->packet.topic) + "' with the retain flag");
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.warns(
                "Leave the flag out: Murano keeps no messages, and a Will is taken with QoS 0. "
                "[R8, R9, R23]");
        if (packets_ == 0) return not_run("The device neither connected nor published.");
        return passed("No PUBLISH and no Will had a flag without effect.");
    }

  private:
    Slips slips_;
    std::uint64_t packets_ = 0;
};

}  // namespace

std::unique_ptr<Watch> watch_topics(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Findings>(std::initializer_list<std::string_view>{"R37", "R45a", "R46"},
                                      "Each topic is one that Murano knows, and each alias is defined.");
}
std::unique_ptr<Watch> watch_values(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Findings>(std::initializer_list<std::string_view>{"R40", "R6"},
                                      "Each value fits the format of its resource.");
}
std::unique_ptr<Watch> watch_timestamps(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Timestamps>();
}
std::unique_ptr<Watch> watch_nested_json(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<NestedJson>();
}
std::unique_ptr<Watch> watch_qos_2(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Qos2>();
}
std::unique_ptr<Watch> watch_dup(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Dup>();
}
std::unique_ptr<Watch> watch_retain(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Retain>();
}

}  // namespace verdict
