#pragma once
// A simulated device with its sockets: carries out its orders and reports the results to it. One thread: that of its
// io_context.

#include "server/simulator/device.h"
#include "server/simulator/wire/download.h"
#include "server/simulator/wire/stream.h"

#include <functional>
#include <memory>
#include <vector>

namespace simulator {

// Shared by the devices of a fleet. Outlives them.
struct Surroundings {
    boost::asio::io_context& io;
    std::vector<char>& scratch;  // read buffer
    std::function<Now()> now;
    std::function<void(std::uint64_t device)> changed;  // its state, and perhaps its deadline, changed
};

class Simulated final : public StreamUser {
  public:
    // `number`: assigned by the fleet.
    Simulated(Surroundings& around, std::uint64_t number, std::shared_ptr<const Place> place, ProfilePtr profile,
              DeviceOptions options);
    ~Simulated();
    Simulated(const Simulated&) = delete;
    Simulated& operator=(const Simulated&) = delete;

    void switch_on();
    void wake();
    void switch_off();  // DISCONNECT

    const Device& device() const { return device_; }

  private:
    void on_opened() override;
    void on_received(std::string_view bytes) override;
    void on_closed(std::string_view why) override;
    void carry_out();
    void download(DownloadOrder&& order);

    Surroundings& around_;
    std::uint64_t number_;
    std::shared_ptr<const Place> place_;
    Device device_;
    std::shared_ptr<Stream> stream_;
    std::unique_ptr<Download> download_;
};

}  // namespace simulator
