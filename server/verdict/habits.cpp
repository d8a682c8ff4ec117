#include "server/verdict/habits.h"

#include <algorithm>

namespace verdict {

void Habits::on(const Observation& observation, bool provoked) {
    if (std::holds_alternative<ClientHello>(observation.seen)) tls_ = true;
    if (const auto* connect = std::get_if<ConnectCame>(&observation.seen); connect && !connect->packet.second_try()) {
        ++connects_;
        keep_alive_ = std::chrono::seconds(connect->packet.keep_alive_s);
        clean_session_ = connect->packet.clean_session;
    }
    if (const auto* connack = std::get_if<ConnackLeft>(&observation.seen);
        connack && connack->code == 0 && !connack->anonymous)
        connection_ = observation.connection;
    if (const auto* neighbours = std::get_if<Neighbours>(&observation.seen)) neighbours_ = neighbours->count;
    if (const auto* reported = std::get_if<Reported>(&observation.seen))
        stamps_reports_ |= reported->timestamp_us.has_value();
    note_filters(observation);
    if (std::holds_alternative<Closed>(observation.seen) || provoked) last_report_.reset();
    if (const auto* publish = std::get_if<PublishCame>(&observation.seen)) note_report(observation, *publish, provoked);
}

void Habits::note_filters(const Observation& observation) {
    if (const auto* unsubscribe = std::get_if<UnsubscribeCame>(&observation.seen))
        for (const auto& filter : unsubscribe->packet.filters) filters_.erase(std::string(filter));
    const auto* subscribe = std::get_if<SubscribeCame>(&observation.seen);
    if (!subscribe) return;
    subscribes_ = true;
    for (const auto& each : subscribe->packet.filters)
        if (filters_.size() < most_filters) filters_.emplace(each.filter);
}

void Habits::note_report(const Observation& observation, const PublishCame& publish, bool provoked) {
    asks_content_ |= publish.packet.topic == "$content";
    if (!is_report_topic(publish.packet.topic)) return;
    acknowledged_reports_ |= publish.packet.qos == 1;
    if (provoked) return;
    if (last_report_) {
        report_interval_ = observation.at - *last_report_;
        shortest_ = std::min(shortest_, *report_interval_);
        longest_ = std::max(longest_, *report_interval_);
        ++intervals_;
    }
    last_report_ = observation.at;
}

}  // namespace verdict
