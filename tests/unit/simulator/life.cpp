#include "tests/unit/simulator/life.h"

#include "protocol/decode.h"
#include "protocol/fixed_header.h"

#include <utility>

#include <doctest/doctest.h>

namespace test {

using protocol::PacketType;

Life::Life(const std::function<void(simulator::Profile&, simulator::DeviceOptions&)>& change) {
    auto profile = *simulator::built_in_profile("tutorial");
    profile.content_interval = simulator::Span{0};
    simulator::DeviceOptions options{.identity = "12345", .token = std::string(token), .seed = 7};
    if (change) change(profile, options);
    device_.emplace(std::make_shared<const simulator::Profile>(profile), options);
    device_->switch_on(now());
    collect();
}

void Life::collect() {
    auto orders = device_->take_orders();
    sent_ += orders.send;
    close_ |= orders.close;
    open_ |= orders.open;
    if (orders.download) download_ = std::move(orders.download);
}

void Life::open() {
    REQUIRE(took_open());
    sent_.clear();
    device_->opened(now());
    collect();
}

void Life::log_in() {
    open();
    expect(static_cast<unsigned>(PacketType::connect));
    std::string connack;
    protocol::encode_connack(connack, false, protocol::ConnackCode::accepted);
    give(connack);
}

void Life::give(const std::string& packets) {
    device_->received(packets, now());
    collect();
}

void Life::give_publish(std::string_view topic, std::string_view payload) {
    std::string out;
    protocol::encode_publish(out, topic, payload);
    give(out);
}

void Life::acknowledge(std::uint16_t packet_id) {
    std::string out;
    protocol::encode_puback(out, packet_id);
    give(out);
}

void Life::lose(std::string_view why) {
    open_ = false;
    device_->closed(why, now());
    collect();
}

void Life::pass(simulator::Span time) {
    const auto end = steady_ + time;
    const auto go_to = [this](simulator::Steady at) {
        wall_us_ += std::chrono::duration_cast<simulator::Span>(at - steady_).count();
        steady_ = at;
    };
    // A device that asks to be woken again and again at one moment would never end.
    for (int wakes = 0; device_->deadline() && *device_->deadline() <= end; ++wakes) {
        REQUIRE(wakes < 10'000);
        go_to(std::max(steady_, *device_->deadline()));
        device_->wake(now());
        collect();
    }
    go_to(end);
}

std::string Life::packet() {
    if (sent_.empty()) return {};
    const auto header = protocol::read_fixed_header(sent_);
    const auto size = header.size + header.remaining_length;
    REQUIRE(size <= sent_.size());
    auto whole = sent_.substr(0, size);
    sent_.erase(0, size);
    return whole;
}

std::string Life::expect(unsigned type) {
    const auto whole = packet();
    REQUIRE_FALSE(whole.empty());
    REQUIRE((static_cast<unsigned char>(whole.front()) >> 4U) == type);
    return whole.substr(protocol::read_fixed_header(whole).size);
}

SeenPublish Life::publish() {
    const auto whole = packet();
    REQUIRE_FALSE(whole.empty());
    const auto body = std::string_view(whole).substr(protocol::read_fixed_header(whole).size);
    const auto publish = protocol::decode_publish(static_cast<std::uint8_t>(whole.front()), body);
    REQUIRE(publish.ok());
    const auto& seen = publish.value();
    return {std::string(seen.topic), std::string(seen.payload), seen.qos, seen.dup, seen.retain, seen.packet_id};
}

void Life::expect_nothing() {
    CHECK(sent_.empty());
}

bool Life::took_open() {
    return std::exchange(open_, false);
}

bool Life::took_close() {
    return std::exchange(close_, false);
}

std::optional<simulator::DownloadOrder> Life::took_download() {
    return std::exchange(download_, std::nullopt);
}

simulator::Span Life::pause_to_open() {
    const auto begun = steady_;
    while (!open_) {
        REQUIRE(device_->deadline());
        pass(std::chrono::duration_cast<simulator::Span>(std::max(*device_->deadline(), steady_) - steady_));
    }
    return std::chrono::duration_cast<simulator::Span>(steady_ - begun);
}

}  // namespace test
