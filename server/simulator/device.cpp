#include "server/simulator/device.h"

#include "protocol/client_encoder.h"
#include "protocol/decode_answers.h"

#include <algorithm>
#include <array>
#include <utility>

namespace simulator {
namespace {

constexpr std::uint32_t largest_packet = 4U * 1024 * 1024;  // a value of 1 MiB, and a long list of content
constexpr std::size_t longest_token = 1'024;
constexpr Span hardly_any = std::chrono::milliseconds(20);
constexpr std::chrono::seconds short_keep_alive{2};  // of one that does not ping: its end is soon

std::string random_text(std::size_t length, Chance& chance) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    std::string text;
    while (text.size() < length) text += letters[chance.next() % letters.size()];
    return text;
}

std::string connack_text(std::uint8_t code) {
    constexpr std::array<std::string_view, 6> meanings{"accepted",           "protocol version",      "ClientID",
                                                       "server unavailable", "user name or password", "not authorized"};
    return "refused by CONNACK " + std::to_string(code) + " (" + std::string(meanings.at(code)) + ")";
}

}  // namespace

Device::Device(ProfilePtr profile, DeviceOptions options)
    : profile_(std::move(profile)),
      options_(std::move(options)),
      chance_(options_.seed),
      backoff_(profile_->first_pause, profile_->max_pause),
      memory_{std::vector<double>(profile_->slots)},
      shelf_(profile_->first_pause, profile_->max_pause),
      splitter_(largest_packet) {
    for (const auto& resource : profile_->resources) {
        if (resource.report) begin(*resource.report, memory_, chance_);
    }
}

void Device::switch_on(Now now) {
    switched_on_ = measured_ = now.steady;
    attempt(now);
}

void Device::switch_off() {
    const bool connected = phase_ == Phase::working || phase_ == Phase::awaiting_token;
    if (connected) protocol::encode_disconnect(orders_.send);
    orders_.close = phase_ != Phase::off && phase_ != Phase::resting;
    orders_.open = false;
    phase_ = Phase::off;
}

void Device::enter(Phase phase, Now now) {
    phase_ = phase;
    phase_ends_ = now.steady + profile_->patience;
}

void Device::attempt(Now now) {
    splitter_.release();
    in_flight_.reset();  // what was not acknowledged is sent again, from the store
    pinged_.reset();
    orders_.open = true;
    enter(Phase::opening, now);
}

// What was to be said is not said any more.
void Device::fail(std::string_view why, Now now) {
    ++counts_.failures;
    last_failure_ = why;
    orders_.send.clear();
    orders_.open = false;
    orders_.close = true;
    phase_ = Phase::resting;
    phase_ends_ = now.steady + (is(Misbehaviour::no_pause) ? hardly_any : backoff_.pause(chance_));
    measure(now);  // what fell due while it waited; else it would be woken at once again
}

void Device::opened(Now now) {
    if (phase_ != Phase::opening) return;
    if (!is(Misbehaviour::mute)) send_connect();
    enter(Phase::awaiting_connack, now);
    sent_ = now.steady;
}

// Without a token it is anonymous: no ClientID, no user name. [R15], [R48]
void Device::send_connect() {
    const bool anonymous = options_.token.empty() && options_.provisions;
    protocol::ConnectFields fields;
    fields.keep_alive_s = static_cast<std::uint16_t>(
        seconds_of(is(Misbehaviour::no_ping) ? Span(short_keep_alive) : profile_->keep_alive));
    if (is(Misbehaviour::mqtt5)) fields.level = 5;
    std::string client_id = anonymous ? std::string() : options_.identity;
    if (!anonymous && is(Misbehaviour::client_id)) client_id = "client-" + random_text(8, chance_);
    fields.client_id = client_id;
    const std::string password = options_.token + (is(Misbehaviour::line_end) ? "\n" : "");
    if (!anonymous) {
        fields.username = options_.chooses_password ? options_.identity : options_.username;
        fields.password = password;
    }
    protocol::encode_connect(orders_.send, fields);
}

void Device::closed(std::string_view why, Now now) {
    if (phase_ == Phase::off || phase_ == Phase::resting) return;
    fail(why, now);
    orders_.close = false;
}

void Device::received(std::string_view bytes, Now now) {
    while (phase_ == Phase::awaiting_connack || phase_ == Phase::awaiting_token || phase_ == Phase::working) {
        const auto result = splitter_.next(bytes);
        if (std::holds_alternative<protocol::NeedMore>(result)) break;
        const auto* frame = std::get_if<protocol::Frame>(&result);
        if (frame == nullptr) return fail("the server sent no valid MQTT packet", now);
        take(*frame, now);
    }
    if (phase_ == Phase::working) work(now);
}

void Device::take_connack(std::string_view body, Now now) {
    const auto connack = protocol::decode_connack(body);
    if (!connack) return fail("CONNACK cannot be read", now);
    const auto code = connack.value().code;
    // A lock (5) ends by itself; a credential that is unknown (4) never becomes right again. [R12], [R63]
    const bool give_up = code == static_cast<std::uint8_t>(protocol::ConnackCode::bad_credentials) &&
                         options_.provisions && !is(Misbehaviour::line_end);
    if (give_up) options_.token.clear();
    if (code != 0) return fail(connack_text(code), now);
    if (!options_.token.empty() || !options_.provisions) return begin_work(now);
    const auto topic = "$provision/" + options_.identity;
    if (!options_.chooses_password) {
        protocol::encode_client_publish(orders_.send, topic, {}, {}, 0);
    } else {
        in_flight_ = InFlight{.packet_id = new_packet_id(), .value = random_text(24, chance_), .sent = now.steady};
        protocol::encode_client_publish(orders_.send, topic, in_flight_->value, {.qos = 1}, in_flight_->packet_id);
    }
    enter(Phase::awaiting_token, now);
}

// The anonymous connection ends, and it comes back with its credential at once. [R52]
void Device::take_token(std::string_view token, Now now) {
    if (token.empty() || token.size() > longest_token) return fail("the reply is not a token", now);
    options_.token = token;
    ++counts_.provisioned;
    protocol::encode_disconnect(orders_.send);
    orders_.close = true;
    attempt(now);
}

void Device::begin_work(Now now) {
    ++counts_.connections;
    phase_ = Phase::working;
    if (is(Misbehaviour::second_connect)) send_connect();
    if (is(Misbehaviour::foreign_topic))
        protocol::encode_subscribe(orders_.send, new_packet_id(), "$provision/not-" + options_.identity);
    if (options_.subscribes) protocol::encode_subscribe(orders_.send, new_packet_id(), "$resource/#");
    if (!next_report_) next_report_ = now.steady;
    if (!next_list_ && profile_->content_interval > Span{0}) next_list_ = now.steady;
    sent_ = now.steady;
    work(now);
}

void Device::wake(Now now) {
    switch (phase_) {
        case Phase::off:
            return;
        case Phase::resting:
            measure(now);
            if (now.steady >= phase_ends_) attempt(now);
            return;
        case Phase::opening:
        case Phase::awaiting_connack:
        case Phase::awaiting_token:
            if (now.steady < phase_ends_) return;
            return fail(phase_ == Phase::opening            ? "no connection came about in time"
                        : phase_ == Phase::awaiting_connack ? "no CONNACK came"
                                                            : "no token came: see murano-emulator report",
                        now);
        case Phase::working:
            return work(now);
    }
}

std::optional<Steady> Device::deadline() const {
    if (phase_ == Phase::off) return std::nullopt;
    if (phase_ != Phase::working) {
        const bool measures = phase_ == Phase::resting && next_report_;
        return measures ? std::min(phase_ends_, *next_report_) : phase_ends_;
    }
    auto earliest = *next_report_;
    const auto at = [&earliest](std::optional<Steady> time) {
        if (time) earliest = std::min(earliest, *time);
    };
    at(next_list_);
    at(shelf_.next_try());
    if (in_flight_) at(in_flight_->sent + profile_->patience);
    if (pings())
        at(pinged_ ? *pinged_ + std::min(profile_->patience, profile_->keep_alive)
                   : sent_ + profile_->keep_alive * 3 / 4);
    for (const auto& [alias, applying] : taken_) at(applying.at);
    return earliest;
}

}  // namespace simulator
