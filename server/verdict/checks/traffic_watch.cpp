#include "server/verdict/checks/traffic_watch.h"

#include "server/verdict/slips.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace verdict {

namespace {

using protocol::PacketType;
using std::chrono::milliseconds;

class PacketIds final : public Watch {
  public:
    void on(const Observation& observation, bool provoked) override {
        if (std::holds_alternative<Closed>(observation.seen)) in_use_.erase(observation.connection);
        if (const auto* publish = std::get_if<PublishCame>(&observation.seen); publish && publish->packet.qos > 0)
            take(observation, "PUBLISH", publish->packet.packet_id, publish->packet.dup || provoked);
        if (const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen))
            take(observation, "SUBSCRIBE", subscribe->packet.packet_id, provoked);
        if (const auto* unsubscribe = std::get_if<UnsubscribeCame>(&observation.seen))
            take(observation, "UNSUBSCRIBE", unsubscribe->packet.packet_id, provoked);
        if (const auto* answer = std::get_if<PacketLeft>(&observation.seen)) answered(observation, answer->packet_id);
        if (const auto* packet = std::get_if<PacketCame>(&observation.seen);
            packet && packet->type == PacketType::puback && !provoked)
            slips_.add(observation, "It sent PUBACK " + std::to_string(packet->packet_id) +
                                        ", although the server publishes with QoS 0");
        if (const auto* found = std::get_if<Found>(&observation.seen); found && found->rule == "MQTT-2.3.1-1")
            slips_.add(observation, "It used the packet id 0");
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails("Use packet ids from 1 to 65,535, each again only after its answer. [MQTT-2.3.1-1]");
        if (ids_ == 0) return not_run("The device sent no packet with a packet id.");
        return passed("Each packet id was free when it was used.");
    }

  private:
    // A packet id is free once the device can have read its answer: what waits for its commit has not left yet.
    static constexpr std::uint64_t unanswered = ~std::uint64_t{0};

    void answered(const Observation& observation, std::uint16_t packet_id) {
        auto& ids = in_use_[observation.connection];
        if (const auto used = ids.find(packet_id); used != ids.end()) used->second = observation.sent_bytes;
    }
    void take(const Observation& observation, const char* name, std::uint16_t packet_id, bool again) {
        ++ids_;
        auto& ids = in_use_[observation.connection];
        std::erase_if(ids, [&](const auto& used) { return used.second <= observation.sent_bytes; });
        // QoS 2 has no answer that would free its packet id. [R26]
        const auto [used, fresh] = ids.try_emplace(packet_id, unanswered);
        used->second = unanswered;
        if (!fresh && !again)
            slips_.add(observation, "It used the packet id " + std::to_string(packet_id) + " for a " + name +
                                        " before the last use was answered");
    }

    // By open connection; with each packet id the end of its answer among the connection's bytes.
    std::map<std::uint64_t, std::map<std::uint16_t, std::uint64_t>> in_use_;
    Slips slips_;
    std::uint64_t ids_ = 0;
};

// The newest times within a window; as many as the limit asks for.
class Window {
  public:
    Window(Moment length, std::size_t limit) : length_(length), limit_(limit) {}

    // Whether this is the limit-th time within the window; then it begins anew.
    bool reached(Moment at) {
        while (!times_.empty() && at - times_.front() >= length_) times_.pop_front();
        times_.push_back(at);
        if (times_.size() < limit_) return false;
        times_.clear();
        return true;
    }

  private:
    Moment length_;
    std::size_t limit_;
    std::deque<Moment> times_;
};

class Flood final : public Watch {
  public:
    void on(const Observation& observation, bool provoked) override {
        ++seen_;
        if (std::holds_alternative<Closed>(observation.seen)) open_.erase(observation.connection);
        const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
        if (connack && connack->code == 0) open_.insert(observation.connection);
        if (provoked) return;
        if (std::holds_alternative<Accepted>(observation.seen) && connections_.reached(observation.at))
            slips_.add(observation, "It began 10 connections within 10 s");
        if (connack && open_.size() == 2) slips_.add(observation, "It had 2 connections open at once");
        if (const auto* publish = std::get_if<PublishCame>(&observation.seen)) on_publish(observation, *publish);
    }
    Result conclude() const override {
        if (slips_.any())
            return slips_.fails("Pause between attempts, keep one connection, and gather values into one report.");
        if (seen_ == 0) return not_run("Nothing was seen of the device.");
        return passed("It neither flooded the server nor repeated itself.");
    }

  private:
    void on_publish(const Observation& observation, const PublishCame& publish) {
        if (publishes_.reached(observation.at)) slips_.add(observation, "It published 100 times within 1 s");
        const std::size_t print = std::hash<std::string_view>{}(publish.packet.topic) * 31 +
                                  std::hash<std::string_view>{}(publish.packet.payload);
        std::erase_if(prints_, [&](const auto& each) { return observation.at - each.second >= milliseconds(100); });
        if (!publish.packet.dup && prints_.contains(print))
            slips_.add(observation,
                       "It sent the same report to '" + std::string(publish.packet.topic) + "' twice within 100 ms");
        prints_[print] = observation.at;
    }

    Window connections_{std::chrono::seconds(10), 10};
    Window publishes_{std::chrono::seconds(1), 100};
    std::map<std::size_t, Moment> prints_;  // of the reports of the last 100 ms
    std::set<std::uint64_t> open_;
    Slips slips_;
    std::uint64_t seen_ = 0;
};

}  // namespace

std::unique_ptr<Watch> watch_packet_ids(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<PacketIds>();
}
std::unique_ptr<Watch> watch_flood(const Subject& /*subject*/, const Parameters& /*parameters*/) {
    return std::make_unique<Flood>();
}

}  // namespace verdict
