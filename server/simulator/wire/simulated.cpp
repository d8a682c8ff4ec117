#include "server/simulator/wire/simulated.h"

#include <utility>

namespace simulator {

Simulated::Simulated(Surroundings& around, std::uint64_t number, std::shared_ptr<const Place> place, ProfilePtr profile,
                     DeviceOptions options)
    : around_(around), number_(number), place_(std::move(place)), device_(std::move(profile), std::move(options)) {}

Simulated::~Simulated() {
    if (stream_) stream_->close();
}

void Simulated::switch_on() {
    device_.switch_on(around_.now());
    carry_out();
}

void Simulated::wake() {
    device_.wake(around_.now());
    carry_out();
}

void Simulated::switch_off() {
    device_.switch_off();
    carry_out();
    download_.reset();
}

void Simulated::on_opened() {
    device_.opened(around_.now());
    carry_out();
}

void Simulated::on_received(std::string_view bytes) {
    device_.received(bytes, around_.now());
    carry_out();
}

void Simulated::on_closed(std::string_view why) {
    stream_.reset();
    device_.closed(why, around_.now());
    carry_out();
}

void Simulated::carry_out() {
    auto orders = device_.take_orders();
    if (stream_ && !orders.send.empty()) stream_->send(orders.send);
    if (stream_ && orders.close) std::exchange(stream_, nullptr)->close();
    if (orders.open) {
        if (stream_) stream_->close();
        stream_ = std::make_shared<Stream>(around_.io, around_.scratch, *this);
        stream_->open(*place_, device_.options().misbehaviour != Misbehaviour::no_sni);
    }
    if (orders.download) download(std::move(*orders.download));
    around_.changed(number_);
}

void Simulated::download(DownloadOrder&& order) {
    download_ = std::make_unique<Download>(around_.io, around_.scratch, *place_, std::move(order),
                                           device_.profile().patience, [this](DownloadEnd end, std::uint64_t got) {
                                               const auto done = std::move(download_);
                                               device_.downloaded(end, got, around_.now());
                                               carry_out();
                                           });
}

}  // namespace simulator
