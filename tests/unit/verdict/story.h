#pragma once
// A device's life as a list of observations, step by step, and the result of one check of the table.

#include "server/verdict/check_table.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace story {

inline verdict::Subject token_device() {
    return {.connector = "local", .identity = "d1", .expected_host = "local.m2.exosite.io"};
}

inline constexpr std::uint16_t good_suites[] = {0x1301, 0xC02B, 0xC02F};

// Feeds one check. Each step comes one second after the previous one, unless wait() is called.
class Story {
  public:
    explicit Story(std::string_view check, const verdict::Subject& subject = token_device(),
                   const verdict::Parameters& parameters = {}) {
        const auto rows = verdict::check_table();
        const auto row = std::ranges::find(rows, check, &verdict::CheckRow::id);
        REQUIRE(row != rows.end());
        REQUIRE(static_cast<bool>(row->watch));
        watch_ = row->watch(subject, parameters);
    }

    Story& see(verdict::Seen seen) {
        watch_->on(
            {.at = now_, .connection = connection_, .cursor = ++cursor_, .sent_bytes = sent_, .seen = std::move(seen)},
            provoked_);
        now_ += step_;
        return *this;
    }
    Story& wait(double seconds) {
        now_ += verdict::Moment(static_cast<std::int64_t>(seconds * 1e6));
        return *this;
    }
    Story& every(double seconds) {
        step_ = verdict::Moment(static_cast<std::int64_t>(seconds * 1e6));
        return *this;
    }
    // Of what comes next: what has left for the device; of an answer: where it ends.
    Story& sent(std::uint64_t bytes) {
        sent_ = bytes;
        return *this;
    }
    Story& provoked(bool yes) {
        provoked_ = yes;
        return *this;
    }
    Story& connection(std::uint64_t number) {
        connection_ = number;
        return *this;
    }
    Story& accept() {
        ++connection_;
        return see(verdict::Accepted{"127.0.0.1"});
    }
    Story& hello(std::string_view host = "local.m2.exosite.io", std::uint16_t version = 0x0304) {
        verdict::ClientHello hello;
        hello.server_name = host;
        hello.best_version = version;
        hello.suites = good_suites;
        return see(hello);
    }
    Story& connect(protocol::Connect packet = {}, bool with_credential = true) {
        packet.protocol_name = packet.protocol_name.empty() ? "MQTT" : packet.protocol_name;
        packet.level = packet.level == 0 ? 4 : packet.level;
        return see(verdict::ConnectCame{packet, with_credential});
    }
    Story& connack(std::uint8_t code = 0, bool session_present = false, bool anonymous = false) {
        return see(verdict::ConnackLeft{code, session_present, anonymous});
    }
    Story& online(protocol::Connect packet = {}) { return accept().hello().connect(packet).connack(); }
    Story& publish(std::string_view topic, std::string_view payload = "1", std::uint8_t qos = 0,
                   std::uint16_t packet_id = 0, bool dup = false) {
        protocol::Publish packet;
        packet.topic = topic;
        packet.payload = payload;
        packet.qos = qos;
        packet.packet_id = packet_id;
        packet.dup = dup;
        return see(verdict::PublishCame{packet});
    }
    Story& subscribe(std::string_view filter, std::uint16_t packet_id = 1) {
        return see(verdict::SubscribeCame{{.packet_id = packet_id, .filters = {{filter, 0}}}});
    }
    Story& packet(protocol::PacketType type, std::uint16_t packet_id = 0) {
        return see(verdict::PacketCame{type, packet_id});
    }
    Story& answer(protocol::PacketType type, std::uint16_t packet_id) {
        return see(verdict::PacketLeft{type, packet_id});
    }
    Story& finding(std::string_view rule, std::string_view message, std::string_view code = "") {
        return see(verdict::Found{.rule = rule, .code = code, .message = message, .hint = "Mend it."});
    }
    Story& close() { return see(verdict::Closed{}); }

    verdict::Result result() const { return watch_->conclude(); }
    verdict::Outcome outcome() const { return result().outcome; }

  private:
    std::unique_ptr<verdict::Watch> watch_;
    verdict::Moment now_{0};
    verdict::Moment step_ = std::chrono::seconds(1);
    std::uint64_t connection_ = 0;
    std::uint64_t cursor_ = 0;
    std::uint64_t sent_ = 0;
    bool provoked_ = false;
};

}  // namespace story
