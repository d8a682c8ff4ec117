#pragma once
// A simulated device in virtual time: the test plays server and network.
//
//     Life life;                      // profile "tutorial", one report in 5 s
//     life.log_in();                  // opens, CONNECT, CONNACK
//     CHECK(life.publish().topic == "$resource/data_in");

#include "protocol/encoder.h"
#include "protocol/packet_splitter.h"
#include "server/simulator/device.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace test {

using namespace std::chrono_literals;

struct SeenPublish {
    std::string topic, payload;
    unsigned qos = 0;
    bool dup = false, retain = false;
    std::uint16_t packet_id = 0;
};

class Life {
  public:
    explicit Life(const std::function<void(simulator::Profile&, simulator::DeviceOptions&)>& change = {});

    // --- the network and the server ---
    void open();  // the connection that it ordered
    void log_in();
    void give(const std::string& packets);  // from the server
    void give_publish(std::string_view topic, std::string_view payload);
    void acknowledge(std::uint16_t packet_id);
    void lose(std::string_view why = "lost");
    void pass(simulator::Span time);  // wakes it at each of its deadlines

    // --- its actions; each call takes the next one, and fails the test if it is another one ---
    std::string packet();  // whole, with its header; empty: none
    SeenPublish publish();
    std::string expect(unsigned type);  // the packet's body
    void expect_nothing();
    bool took_open();
    bool took_close();
    std::optional<simulator::DownloadOrder> took_download();
    // Lets time pass until it opens again; returns how long that took.
    simulator::Span pause_to_open();

    simulator::Now now() const { return {steady_, wall_us_}; }
    simulator::Device& device() { return *device_; }

    static constexpr std::string_view token = "0123456789012345678901234567890123456789";

  private:
    void collect();

    simulator::Steady steady_{std::chrono::hours(1)};
    std::int64_t wall_us_ = 1'700'000'000'000'000;
    std::optional<simulator::Device> device_;
    std::string sent_;
    bool open_ = false, close_ = false;
    std::optional<simulator::DownloadOrder> download_;
};

}  // namespace test
