#pragma once
// The input is a run: one byte for its parts, then a device's life, four bytes per observation (what, on which
// connection, after how long, a detail). All judges receive it. In any case each result can be shown, a failure stays a
// failure, every order belongs to an active run, and the run ends when aborted.

#include "server/verdict/run.h"
#include "tests/fuzz/targets/require.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

class VerdictLife {
  public:
    explicit VerdictLife(std::string_view bytes) : rest_(bytes), run_(plan(take())) {}

    void play() {
        while (rest_.size() >= 4 && !run_.over()) {
            see();
            judge();
        }
        for (int i = 0; i < 2'000 && !run_.over(); ++i) run_.at(run_.next_deadline());
        run_.abort("the input is over", now_ + std::chrono::hours(10'000));
        require(run_.over());
        judge();
    }

  private:
    std::uint8_t take() {
        if (rest_.empty()) return 0;
        const auto byte = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return byte;
    }
    // All watches, and the acts from this one on.
    static verdict::RunPlan plan(std::uint8_t choice) {
        std::uint8_t first = choice % 64;
        verdict::RunPlan made{.subject = {.connector = "local", .identity = "d1", .expected_host = "h"}};
        made.subject.auth_type = static_cast<verdict::AuthType>(choice % 3);
        auto& given = made.parameters;
        if (choice >= 64) given.hooks = {"power_cycle", "report", "provision", "update"};
        given.setting_alias = given.text_alias = "a";
        given.setting_values = {"1", "2"};
        given.setting_given = choice % 5 != 0;
        given.reprovisions = choice % 7 != 0;
        for (const auto& row : verdict::check_table()) {
            if (row.act && first > 0 && first-- > 0) continue;
            made.checks.push_back(&row);
        }
        return made;
    }

    void see() {
        const std::uint8_t what = take();
        const std::uint8_t connection = take() % 5;
        static constexpr std::array<std::int64_t, 8> steps{0,          1'000,      100'000,     1'000'000,
                                                           10'000'000, 60'000'000, 250'000'000, 3'600'000'000};
        now_ += verdict::Moment(steps[take() % steps.size()]);
        // As the server does it: everything due in between comes first.
        for (int i = 0; i < 100 && !run_.over() && run_.next_deadline() <= now_; ++i) run_.at(run_.next_deadline());
        run_.on({.at = now_, .connection = connection, .cursor = ++cursor_, .seen = seen(what, take())});
    }

    verdict::Seen seen(std::uint8_t what, std::uint8_t detail) {
        static constexpr std::array<std::string_view, 8> topics{
            "$resource/a", "$resource.batch", "$provision/d1", "$content", "x/y", "$resource/", "a", ""};
        static constexpr std::array<std::string_view, 6> kinds{"withhold",  "corrupt", "tls_stall",
                                                               "body_slow", "connack", "close"};
        static constexpr std::array<std::string_view, 4> hooks{"power_cycle", "report", "provision", "update"};
        const std::string_view text = detail % 2 == 0 ? "1" : "2";
        switch (what % 21) {
            case 0:
                return verdict::Accepted{detail % 2 == 0 ? "127.0.0.1" : "::1"};
            case 1:
                return verdict::ClientHello{.server_name = "h",
                                            .best_version = static_cast<std::uint16_t>(0x0300 + detail)};
            case 2:
                return verdict::HandshakeDone{0x0303, detail % 2 == 0 ? "d1" : ""};
            case 3:
                return verdict::HandshakeFailed{"unknown CA"};
            case 4:
                return verdict::ConnectCame{connect(detail), detail % 2 == 0};
            case 5:
                return verdict::ConnackLeft{static_cast<std::uint8_t>(detail % 6), detail % 4 == 0, detail >= 200};
            case 6:
            case 7:
                return verdict::PublishCame{publish(topics[detail % topics.size()], detail), detail == 255};
            case 8:
                return verdict::SubscribeCame{{.packet_id = detail, .filters = {{topics[detail % topics.size()], 0}}}};
            case 9:
                return verdict::UnsubscribeCame{{.packet_id = detail, .filters = {topics[detail % topics.size()]}}};
            case 10:
                return verdict::PacketCame{static_cast<protocol::PacketType>(detail % 16), detail};
            case 11:
                return verdict::PublishLeft{topics[detail % topics.size()], text};
            case 12:
                return verdict::PacketLeft{static_cast<protocol::PacketType>(detail % 16), detail};
            case 13:
                return download(detail);
            case 14:
                return verdict::Reported{.alias = "a", .text = text, .timestamp_us = now_.count() / (1 + detail)};
            case 15:
                return verdict::Found{.rule = "R40",
                                      .code = detail % 3 == 0 ? "R40.nested" : "R40.nan",
                                      .info = detail % 2 == 0,
                                      .message = "Found.",
                                      .hint = "Mend it."};
            case 16:
                return verdict::FaultHit{"run-1-1", kinds[detail % kinds.size()]};
            case 17:
                return verdict::Closed{static_cast<verdict::Closer>(detail % 4), detail >= 128};
            case 18:
                return verdict::HookAnswered{hooks[detail % hooks.size()], detail >= 240 ? "it failed" : ""};
            case 19:
                return verdict::Neighbours{detail >= 200 ? 1U : 0U};
            default:
                break;
        }
        return detail < 250 ? verdict::Seen(verdict::Journalled{}) : verdict::Seen(verdict::OrderFailed{"No."});
    }
    static protocol::Connect connect(std::uint8_t detail) {
        protocol::Connect packet;
        packet.protocol_name = detail % 16 == 15 ? "MQIsdp" : "MQTT";
        packet.level = detail % 16 == 15 ? 3 : 4;
        packet.clean_session = detail % 3 == 0;
        packet.keep_alive_s = detail;
        return packet;
    }
    static protocol::Publish publish(std::string_view topic, std::uint8_t detail) {
        protocol::Publish packet;
        packet.topic = topic;
        packet.payload = detail % 3 == 0 ? "" : "1";
        packet.qos = detail % 3;
        packet.packet_id = packet.qos == 0 ? 0 : detail;
        packet.dup = detail % 8 == 7;
        return packet;
    }
    verdict::HttpAsked download(std::uint8_t detail) {
        item_ = "murano-verdict-" + std::to_string(detail % 4);
        static constexpr std::array statuses{200, 206, 403, 404, 500, 503, 302};
        return {.method = "GET",
                .item = item_,
                .status = statuses[detail % statuses.size()],
                .range_from = detail % 5 * 16'384U,
                .body_bytes = detail * 300U,
                .whole = detail % 2 == 0,
                .took = verdict::Moment(detail * 1'000)};
    }

    void judge() {
        const auto orders = run_.take_orders();
        require(orders.size() < 1'000);
        for (const auto& check : run_.checks()) {
            const auto& result = check.result;
            require(!result.message.empty() && result.evidence.size() <= verdict::max_evidence);
            require((result.outcome == verdict::Outcome::warned || result.outcome == verdict::Outcome::failed) ==
                    !result.hint.empty());
            require(std::all_of(result.measured.begin(), result.measured.end(),
                                [](const auto& each) { return std::isfinite(each.number); }));
            bool& failed = failed_[check.row->id];
            require(!failed || result.outcome == verdict::Outcome::failed);
            failed = result.outcome == verdict::Outcome::failed;
        }
    }

    std::string_view rest_;
    verdict::Run run_;
    verdict::Moment now_{0};
    std::uint64_t cursor_ = 0;
    std::string item_;
    std::map<std::string_view, bool> failed_;
};

inline void verdict_life(std::string_view bytes) {
    VerdictLife(bytes).play();
}

}  // namespace fuzz
