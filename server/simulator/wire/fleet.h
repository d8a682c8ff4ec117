#pragma once
// Many simulated devices on one event loop, switched on a few at a time, so that handshakes overwhelm neither them nor
// the server. One thread: that of its io_context.

#include "server/runtime/due_queue.h"
#include "server/simulator/wire/simulated.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace simulator {

class Fleet {
  public:
    // `at_once`: devices that may be before their first login at the same time.
    Fleet(boost::asio::io_context& io, std::size_t at_once);
    ~Fleet();
    Fleet(const Fleet&) = delete;
    Fleet& operator=(const Fleet&) = delete;

    // Switches it on as soon as there is room. Returns its number.
    std::uint64_t add(std::shared_ptr<const Place> place, ProfilePtr profile, DeviceOptions options);
    // Sends DISCONNECT and removes the device.
    void remove(std::uint64_t number);
    void remove_all();

    std::size_t size() const { return devices_.size(); }
    const Device* find(std::uint64_t number) const;  // nullptr: no such device
    std::size_t working() const;                     // logged in
    // The sum over all devices, removed ones included.
    Counts counts() const;
    // Why devices are not logged in, the commonest reason first; devices at their first attempt are left out.
    std::map<std::string, std::size_t> failures() const;

  private:
    void changed(std::uint64_t number);
    void switch_on_more();
    void wait();

    boost::asio::io_context& io_;
    std::size_t at_once_;
    std::vector<char> scratch_;
    Surroundings around_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Simulated>> devices_;
    std::deque<std::uint64_t> waiting_;  // not yet switched on
    std::set<std::uint64_t> starting_;   // in their first attempt
    runtime::DueQueue due_;
    boost::asio::steady_timer timer_;
    std::optional<Steady> timer_at_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    Counts gone_;  // of removed devices
    std::uint64_t last_number_ = 0;
};

}  // namespace simulator
