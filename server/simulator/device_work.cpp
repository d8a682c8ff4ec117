// What a device does from CONNACK to the end of its connection.
#include "config/number_text.h"
#include "protocol/client_encoder.h"
#include "protocol/decode.h"
#include "protocol/decode_answers.h"
#include "server/simulator/device.h"

#include <algorithm>
#include <charconv>

namespace simulator {
namespace {

using protocol::PacketType;

constexpr std::size_t most_stored = 200;          // reports; then the oldest goes
constexpr std::size_t batch = 50;                 // stored reports in one message
constexpr std::chrono::seconds slow_reports{10};  // of one that does not ping, so that it falls silent

bool fits(config::ResourceFormat format, std::string_view text) {
    if (format == config::ResourceFormat::number) return config::is_json_number(text);
    return format == config::ResourceFormat::string || text == "true" || text == "false";
}

}  // namespace

std::uint16_t Device::new_packet_id() {
    return packet_id_ = packet_id_ == 65'535 ? 1 : static_cast<std::uint16_t>(packet_id_ + 1);
}

bool Device::pings() const {
    return !is(Misbehaviour::no_ping);
}

void Device::take(const protocol::Frame& frame, Now now) {
    const auto type = protocol::packet_type(frame.first_byte);
    if (phase_ == Phase::awaiting_connack) {
        if (type != PacketType::connack) return fail("the first packet was no CONNACK", now);
        return take_connack(frame.body, now);
    }
    switch (type) {
        case PacketType::publish: {
            const auto publish = protocol::decode_publish(frame.first_byte, frame.body);
            if (!publish) return fail("a PUBLISH cannot be read", now);
            return take_publish(publish.value().topic, publish.value().payload, now);
        }
        case PacketType::puback:
            return take_puback(frame.body, now);
        case PacketType::pingresp:
            if (!protocol::decode_empty(frame.body)) return fail("a PINGRESP cannot be read", now);
            pinged_.reset();
            return;
        case PacketType::suback:
            // A filter that is refused is not asked for again: values come without it. [R31]
            if (!protocol::decode_suback(frame.body)) return fail("a SUBACK cannot be read", now);
            return;
        case PacketType::pubrec:
        case PacketType::pubcomp:
            return;  // of a server that takes QoS 2 for what it is
        default:
            return fail("a packet came that no server sends then", now);
    }
}

void Device::take_publish(std::string_view topic, std::string_view payload, Now now) {
    constexpr std::string_view provision = "$provision/", resource = "$resource/";
    if (phase_ == Phase::awaiting_token) {
        const bool mine = topic.starts_with(provision) && topic.substr(provision.size()) == options_.identity;
        if (mine && !options_.chooses_password) take_token(payload, now);
        return;
    }
    if (topic.starts_with(resource)) return take_setting(topic.substr(resource.size()), payload, now);
    if (topic == "$content") shelf_.take_list(payload);
}

// "<alias>/<timestamp>", or the alias alone where another broker carries it. An older value than the newest is dropped.
void Device::take_setting(std::string_view levels, std::string_view payload, Now now) {
    const auto slash = levels.find('/');
    const auto* resource = profile_->find(levels.substr(0, slash));
    if (resource == nullptr || !resource->is_setting() || !fits(resource->format, payload)) return;
    if (slash != std::string_view::npos) {
        std::int64_t set_at_us = 0;
        std::from_chars(levels.data() + slash + 1, levels.data() + levels.size(), set_at_us);
        auto& newest = set_at_us_[resource->alias];
        if (set_at_us < newest) return;
        newest = set_at_us;
    } else if (const auto mine = settings_.find(resource->alias); mine != settings_.end() && mine->second == payload) {
        return;  // another broker sends the device's own report back to it
    }
    taken_[resource->alias] = {std::string(payload), now.steady + resource->apply_after};
}

void Device::take_puback(std::string_view body, Now now) {
    const auto packet_id = protocol::decode_ack(body);
    if (!packet_id) return fail("a PUBACK cannot be read", now);
    if (!in_flight_ || in_flight_->packet_id != packet_id.value()) return;
    const auto done = *std::exchange(in_flight_, std::nullopt);
    if (phase_ == Phase::awaiting_token) return take_token(done.value, now);
    backoff_.reset();  // not CONNACK: a server that drops devices behind it must not be stormed
    for (std::size_t i = 0; i < done.reports && !stored_.empty(); ++i) stored_.pop_front();
    counts_.reports += done.reports;
    if (!done.setting.empty()) {
        ++counts_.settings;
        const auto told = to_report_.find(done.setting);
        if (told != to_report_.end() && told->second == done.value) to_report_.erase(told);
    }
    if (is(Misbehaviour::pubrec)) protocol::encode_pubrec(orders_.send, packet_id.value());
    if (is(Misbehaviour::no_pause) && done.reports > 0) {
        orders_.close = true;
        attempt(now);
    }
}

void Device::work(Now now) {
    if (const auto why = overdue(now); !why.empty()) return fail(why, now);
    measure(now);
    apply_settings(now);
    send_next(now);
    ask_for_content(now);
    fetch(now);
    send_ping(now);
}

// Nothing is waited for without end. A PUBACK that is late will not come: MQTT sends again on the next connection.
std::string_view Device::overdue(Now now) const {
    if (in_flight_ && now.steady >= in_flight_->sent + profile_->patience) return "a PUBACK did not come";
    const auto patience = std::min(profile_->patience, profile_->keep_alive);
    if (pinged_ && now.steady >= *pinged_ + patience) return "a PINGRESP did not come";
    return {};
}

void Device::measure(Now now) {
    if (!next_report_ || now.steady < *next_report_) return;
    const auto interval =
        is(Misbehaviour::no_ping) ? std::max<Span>(slow_reports, profile_->report_interval) : profile_->report_interval;
    // Those that fell into a pause of this process are not made up for.
    next_report_ = std::max(*next_report_ + interval, now.steady + interval / 2);
    const auto age = [this](Steady time) {
        return seconds_of(std::chrono::duration_cast<Span>(time - switched_on_.value_or(time)));
    };
    const Moments moments{age(now.steady), age(measured_.value_or(now.steady))};
    measured_ = now.steady;
    Report report{now, {}};
    for (const auto& resource : profile_->resources) {
        if (!resource.report) continue;
        auto value = next_value(*resource.report, moments, settings_, memory_, chance_);
        // A number for a resource of strings is a string.
        value.format = resource.format;
        report.values.push_back({resource.alias, std::move(value)});
    }
    const std::size_t in_flight = in_flight_ ? in_flight_->reports : 0;
    if (stored_.size() >= most_stored && in_flight == 0) stored_.pop_front();
    if (stored_.size() < most_stored) stored_.push_back(std::move(report));
}

void Device::apply_settings(Now now) {
    for (auto at = taken_.begin(); at != taken_.end();) {
        if (now.steady < at->second.at) {
            ++at;
            continue;
        }
        settings_[at->first] = at->second.value;
        to_report_[at->first] = at->second.value;
        at = taken_.erase(at);
    }
}

// One message at a time: what is stored goes when it is acknowledged, and not before.
void Device::send_next(Now now) {
    if (in_flight_ || phase_ != Phase::working) return;
    if (!to_report_.empty()) {
        const auto& [alias, value] = *to_report_.begin();
        return publish({"$resource/" + alias, value}, {.setting = alias, .value = value}, now);
    }
    if (stored_.empty()) return;
    const auto count = std::min(stored_.size(), batch);
    publish(report_text(stored_, count, now, options_.misbehaviour), {.reports = count}, now);
}

void Device::publish(const ReportText& message, InFlight in_flight, Now now) {
    const auto flags =
        in_flight.setting.empty() ? publish_flags(options_.misbehaviour) : protocol::PublishFlags{.qos = 1};
    in_flight.packet_id = flags.qos > 0 ? new_packet_id() : std::uint16_t{0};
    in_flight.sent = sent_ = now.steady;
    protocol::encode_client_publish(orders_.send, message.topic, message.payload, flags, in_flight.packet_id);
    if (flags.qos == 1) {
        in_flight_ = std::move(in_flight);
        return;
    }
    // Nobody acknowledges it. [R24], [R26]
    counts_.reports += in_flight.reports;
    for (std::size_t i = 0; i < in_flight.reports; ++i) stored_.pop_front();
}

void Device::send_ping(Now now) {
    if (!pings() || pinged_ || now.steady < sent_ + profile_->keep_alive * 3 / 4) return;
    protocol::encode_pingreq(orders_.send);
    pinged_ = sent_ = now.steady;
}

void Device::ask_for_content(Now now) {
    const bool due = next_list_ && now.steady >= *next_list_;
    const bool again = shelf_.wants_list() && shelf_.next_try() && now.steady >= *shelf_.next_try();
    if (!due && !again) return;
    shelf_.asked();
    if (next_list_) next_list_ = now.steady + profile_->content_interval;
    protocol::encode_client_publish(orders_.send, "$content", {}, {}, 0);
    sent_ = now.steady;
}

void Device::fetch(Now now) {
    if (auto order = shelf_.next(now.steady)) orders_.download = std::move(order);
}

void Device::downloaded(DownloadEnd end, std::uint64_t got, Now now) {
    if (end == DownloadEnd::whole) ++counts_.downloads;
    shelf_.ended(end, got, now.steady, chance_);
    if (phase_ == Phase::working) work(now);
}

}  // namespace simulator
