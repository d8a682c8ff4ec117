#include "server/verdict/checks/downlink_act.h"

#include "server/verdict/checks/act_tools.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace verdict {

namespace {

// What is sent to the device in one go.
struct Stimulus {
    std::string what;  // "With a value of 64 KiB"
    std::vector<Order> orders;
};

using Stimuli = std::vector<Stimulus> (*)(const Desk&);

// Whatever is sent to it, the device keeps its connection and goes on reporting.
class Unmoved final : public Act {
  public:
    Unmoved(Stimuli stimuli, std::string nothing, std::string hint)
        : make_(stimuli), nothing_(std::move(nothing)), hint_(std::move(hint)) {}

    void begin(Desk& desk) override {
        stimuli_ = make_(desk);
        if (stimuli_.empty()) return desk.end(not_run(nothing_));
        send(desk);
    }
    void on(const Observation& observation, Desk& desk) override {
        if (loses_connection(observation, desk))
            return desk.end(failed(stimuli_[turn_].what + " it lost its connection.", hint_));
        if (reports(observation) && desk.habits().report_interval()) next(desk);
    }
    void at(Desk& desk) override {
        if (desk.habits().report_interval())
            return desk.end(failed(
                stimuli_[turn_].what + " it reported nothing for " + seconds_text(reports_within(desk)) + ".", hint_));
        next(desk);
    }

  private:
    void send(Desk& desk) {
        for (const Order& order : stimuli_[turn_].orders)
            std::visit([&](const auto& each) { desk.order(each); }, order);
        desk.wait("the device to go on", desk.now() + reports_within(desk));
    }
    void next(Desk& desk) {
        if (++turn_ < stimuli_.size()) return send(desk);
        desk.end(passed(stimuli_.back().what + " and with all before it, it kept its connection and went on."));
    }

    Stimuli make_;
    std::string nothing_;
    std::string hint_;
    std::vector<Stimulus> stimuli_;
    std::size_t turn_ = 0;
};

template <typename T>
Order order(T value) {
    return Order(std::in_place_type<T>, std::move(value));
}

std::vector<Stimulus> sizes(const Desk& desk) {
    std::vector<Stimulus> result;
    const std::string& alias = desk.parameters().text_alias;
    if (alias.empty()) return result;
    for (const std::size_t size : {0U, 1U, 1'024U, 65'536U, 1'048'576U})
        result.push_back(
            {"With a value of " + std::to_string(size) + " bytes", {order(SetValue{alias, std::string(size, 'x')})}});
    return result;
}

std::vector<Stimulus> segments(const Desk& /*desk*/) {
    std::vector<Order> one = {order(Arm{R"({"kind":"slice","bytes":1})"}),
                              order(PublishTo{"verdict/segments", std::string(64, 'x')})};
    std::vector<Order> many = {order(Disarm{}), order(Arm{R"({"kind":"coalesce","packets":20})"})};
    for (int i = 1; i <= 20; ++i) many.push_back(order(PublishTo{"verdict/segments", std::to_string(i)}));
    return {{"With a PUBLISH in segments of one byte", std::move(one)},
            {"With twenty PUBLISHes in one segment", std::move(many)}};
}

std::vector<Stimulus> unknown(const Desk& /*desk*/) {
    return {{"With a value of an alias that does not exist",
             {order(PublishTo{"$resource/murano_verdict_unknown/1700000000000000", "1"})}},
            {"With a message on an arbitrary topic", {order(PublishTo{"verdict/arbitrary/topic", "anything"})}}};
}

// SUBACK says 0x80: it goes on without, or closes; it does not ask again and again.
class RefusedSubscription final : public Act {
  public:
    void begin(Desk& desk) override {
        if (!desk.habits().subscribes()) return desk.end(not_run("The device subscribes to nothing."));
        desk.order(Arm{R"({"kind":"replace","packet":"SUBACK","code":128})"});
        desk.order(Disconnect{});
        desk.wait("the device to subscribe", desk.now() + comes_back_within(desk));
    }
    void on(const Observation& observation, Desk& desk) override {
        const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen);
        if (!subscribe) return;
        if (!first_) {
            first_ = desk.now();
            desk.wait("a loop of subscriptions", desk.now() + loop_window);
        }
        for (const auto& each : subscribe->packet.filters)
            if (asked_ == each.filter || asked_.empty()) count(std::string(each.filter), desk);
    }
    void at(Desk& desk) override {
        if (!first_) return desk.end(not_run("It did not subscribe again."));
        desk.end(passed("Refused by SUBACK, it did not ask again and again."));
    }

  private:
    void count(std::string filter, Desk& desk) {
        asked_ = std::move(filter);
        if (!loop_.add(desk.now()) || desk.result()) return;
        desk.end(failed("Refused by SUBACK, it subscribed to '" + asked_ + "' " + std::to_string(loop_.count()) +
                            " times within " + seconds_text(loop_window) + ".",
                        "Take 0x80 as an answer: go on without, or close and come back with a pause. [MQTT-3.9.3-2]"));
    }

    std::optional<Moment> first_;
    std::string asked_;  // the first filter that it asked for
    Loop loop_{loop_window, loop_limit};
};

}  // namespace

std::unique_ptr<Act> act_refused_subscription() {
    return std::make_unique<RefusedSubscription>();
}
std::unique_ptr<Act> act_downlink_sizes() {
    return std::make_unique<Unmoved>(sizes, "There is no settable string resource that takes any text.",
                                     "Bound what is read by the packet's length, and drop what is too long for you.");
}
std::unique_ptr<Act> act_segments() {
    return std::make_unique<Unmoved>(segments, "",
                                     "Read on until the packet is whole, and then the next one: TCP keeps no borders.");
}
std::unique_ptr<Act> act_unknown_downlinks() {
    return std::make_unique<Unmoved>(unknown, "", "Ignore what you do not know, and stay connected.");
}

}  // namespace verdict
