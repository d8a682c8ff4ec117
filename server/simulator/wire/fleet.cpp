#include "server/simulator/wire/fleet.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

namespace simulator {
namespace {

constexpr std::size_t read_bytes = 65'536;

Now time_now() {
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::steady_clock::now(), std::chrono::duration_cast<Span>(wall).count()};
}

void add_to(Counts& all, const Counts& more) {
    all.connections += more.connections;
    all.provisioned += more.provisioned;
    all.reports += more.reports;
    all.settings += more.settings;
    all.downloads += more.downloads;
    all.failures += more.failures;
}

}  // namespace

Fleet::Fleet(boost::asio::io_context& io, std::size_t at_once)
    : io_(io),
      at_once_(at_once),
      scratch_(read_bytes),
      around_{io, scratch_, time_now, [this](std::uint64_t number) { changed(number); }},
      timer_(io) {}

Fleet::~Fleet() {
    *alive_ = false;
}

std::uint64_t Fleet::add(std::shared_ptr<const Place> place, ProfilePtr profile, DeviceOptions options) {
    const auto number = ++last_number_;
    devices_.emplace(
        number, std::make_unique<Simulated>(around_, number, std::move(place), std::move(profile), std::move(options)));
    waiting_.push_back(number);
    switch_on_more();
    return number;
}

void Fleet::remove(std::uint64_t number) {
    const auto found = devices_.find(number);
    if (found == devices_.end()) return;
    found->second->switch_off();
    add_to(gone_, found->second->device().counts());
    due_.cancel(number);
    starting_.erase(number);
    std::erase(waiting_, number);
    devices_.erase(found);
    switch_on_more();
}

void Fleet::remove_all() {
    waiting_.clear();
    while (!devices_.empty()) remove(devices_.begin()->first);
}

const Device* Fleet::find(std::uint64_t number) const {
    const auto found = devices_.find(number);
    return found == devices_.end() ? nullptr : &found->second->device();
}

std::size_t Fleet::working() const {
    return static_cast<std::size_t>(std::count_if(
        devices_.begin(), devices_.end(), [](const auto& device) { return device.second->device().working(); }));
}

Counts Fleet::counts() const {
    Counts all = gone_;
    for (const auto& [number, device] : devices_) add_to(all, device->device().counts());
    return all;
}

std::map<std::string, std::size_t> Fleet::failures() const {
    std::map<std::string, std::size_t> found;
    for (const auto& [number, simulated] : devices_) {
        const auto& device = simulated->device();
        if (!device.working() && !device.last_failure().empty()) ++found[device.last_failure()];
    }
    return found;
}

// In a turn of its own: this may be called from within a device.
void Fleet::switch_on_more() {
    if (waiting_.empty() || starting_.size() >= at_once_) return;
    boost::asio::post(io_, [this, alive = alive_] {
        if (!*alive || waiting_.empty() || starting_.size() >= at_once_) return;
        const auto number = waiting_.front();
        waiting_.pop_front();
        starting_.insert(number);
        devices_.at(number)->switch_on();
        switch_on_more();
    });
}

void Fleet::changed(std::uint64_t number) {
    const auto found = devices_.find(number);
    if (found == devices_.end()) return;
    const auto& device = found->second->device();
    const bool has_tried = device.working() || device.counts().failures > 0;
    if (has_tried && starting_.erase(number) > 0) switch_on_more();
    const auto deadline = device.deadline();
    if (!deadline) {
        due_.cancel(number);
        return;
    }
    due_.schedule(number, *deadline);
    if (!timer_at_ || *deadline < *timer_at_) wait();
}

void Fleet::wait() {
    timer_at_ = due_.next_deadline();
    if (!timer_at_) return;
    timer_.expires_at(*timer_at_);
    timer_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
        if (error || !*alive) return;
        timer_at_.reset();
        due_.pop_due(std::chrono::steady_clock::now(), [this](std::uint64_t number) -> std::optional<Steady> {
            const auto device = devices_.find(number);
            if (device == devices_.end()) return std::nullopt;
            device->second->wake();
            return device->second->device().deadline();
        });
        wait();
    });
}

}  // namespace simulator
