#pragma once
// One act, driven step by step: its orders, its waits, its end.

#include "server/verdict/act.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace turn {

using verdict::Moment;

inline constexpr Moment second = std::chrono::seconds(1);

class Turn {
  public:
    explicit Turn(std::unique_ptr<verdict::Act> act, std::uint16_t keep_alive_s = 60) : act_(std::move(act)) {
        protocol::Connect packet;
        packet.keep_alive_s = keep_alive_s;
        habits_.on({.at = Moment{0}, .connection = 1, .cursor = 0, .seen = verdict::ClientHello{}}, false);
        before(verdict::ConnectCame{packet, true}).before(verdict::ConnackLeft{});
    }

    // What the run had seen of the device before the act began.
    Turn& before(verdict::Seen seen, Moment at = Moment{0}) {
        habits_.on({.at = at, .connection = 1, .cursor = 0, .seen = std::move(seen)}, false);
        return *this;
    }
    // It reports each `interval`, with its own timestamps.
    Turn& reporting(Moment interval, std::uint8_t qos = 0) {
        for (int i = 0; i < 5; ++i) before(report("1", qos), i * interval);
        return before(verdict::Reported{.alias = "a", .text = "1", .timestamp_us = 1});
    }
    Turn& subscribing(std::string_view filter) {
        return before(verdict::SubscribeCame{{.packet_id = 1, .filters = {{filter, 0}}}});
    }
    Turn& with(const std::function<void(verdict::Parameters&)>& change) {
        change(parameters_);
        return *this;
    }
    Turn& hooks(std::vector<std::string> names) {
        parameters_.hooks = std::move(names);
        return *this;
    }
    Turn& device(verdict::AuthType auth_type) {
        subject_.auth_type = auth_type;
        return *this;
    }
    static verdict::PublishCame report(std::string_view payload = "1", std::uint8_t qos = 0,
                                       std::uint16_t packet_id = 0, bool dup = false) {
        return publish("$resource/a", payload, qos, packet_id, dup);
    }
    static verdict::PublishCame publish(std::string_view topic, std::string_view payload = "", std::uint8_t qos = 0,
                                        std::uint16_t packet_id = 0, bool dup = false) {
        protocol::Publish packet;
        packet.topic = topic;
        packet.payload = payload;
        packet.qos = qos;
        packet.packet_id = packet_id;
        packet.dup = dup;
        return {packet};
    }
    Turn& subscribe(std::uint64_t connection, std::string_view filter) {
        return see(connection, verdict::SubscribeCame{{.packet_id = 1, .filters = {{filter, 0}}}});
    }
    Turn& hit(std::uint64_t connection, std::string_view kind) {
        return see(connection, verdict::FaultHit{"run-1-1", kind});
    }
    Turn& answer_hook(std::string_view name) { return see(0, verdict::HookAnswered{name}); }
    // Anonymous, it requests a credential.
    Turn& provision(std::uint64_t connection) {
        see(connection, verdict::Accepted{"127.0.0.1"}).see(connection, verdict::ConnectCame{});
        see(connection, verdict::ConnackLeft{.code = 0, .session_present = false, .anonymous = true});
        return see(connection, publish("$provision/d1"));
    }

    Turn& begin() {
        return call([&](verdict::Desk& desk) { act_->begin(desk); });
    }
    Turn& see(std::uint64_t connection, verdict::Seen seen) {
        const verdict::Observation observation{.at = now_, .connection = connection, .cursor = 0, .seen = seen};
        habits_.on(observation, true);
        return call([&](verdict::Desk& desk) { act_->on(observation, desk); });
    }
    Turn& wait(Moment span) {
        now_ += span;
        return *this;
    }
    // Nothing comes before the act's time.
    Turn& in_vain() {
        now_ = std::max(now_, until_);
        return call([&](verdict::Desk& desk) { act_->at(desk); });
    }
    Turn& online(std::uint64_t connection) {
        see(connection, verdict::Accepted{"127.0.0.1"}).see(connection, verdict::ClientHello{});
        return see(connection, verdict::ConnectCame{}).see(connection, verdict::ConnackLeft{});
    }

    std::string first_fault() const {
        for (const auto& order : orders_)
            if (const auto* arm = std::get_if<verdict::Arm>(&order)) return arm->fault;
        return "";
    }
    std::vector<std::string> faults() const {
        std::vector<std::string> result;
        for (const auto& order : orders_)
            if (const auto* arm = std::get_if<verdict::Arm>(&order)) result.push_back(arm->fault);
        return result;
    }
    // Of all orders so far.
    template <typename T>
    std::size_t count() const {
        return static_cast<std::size_t>(std::count_if(
            orders_.begin(), orders_.end(), [](const auto& each) { return std::holds_alternative<T>(each); }));
    }
    template <typename T>
    T last() const {
        const T* found = nullptr;
        for (const auto& order : orders_)
            if (const auto* each = std::get_if<T>(&order)) found = each;
        REQUIRE(found != nullptr);
        return *found;
    }
    Moment waits() const { return until_ - now_; }
    bool over() const { return result_.has_value(); }
    verdict::Result result() const {
        REQUIRE(result_.has_value());
        return *result_;
    }
    verdict::Outcome outcome() const { return result().outcome; }

  private:
    template <typename Call>
    Turn& call(Call what) {
        if (result_) return *this;
        verdict::Desk desk(now_, subject_, parameters_, habits_);
        what(desk);
        if (desk.waiting()) until_ = desk.waiting()->until;
        for (auto& order : desk.take_orders()) orders_.push_back(std::move(order));
        result_ = desk.result();
        return *this;
    }

    std::unique_ptr<verdict::Act> act_;
    verdict::Subject subject_{.connector = "local", .identity = "d1", .expected_host = "h"};
    verdict::Parameters parameters_;
    verdict::Habits habits_;
    Moment now_ = second;
    Moment until_{0};
    std::vector<verdict::Order> orders_;
    std::optional<verdict::Result> result_;
};

}  // namespace turn
