#pragma once
// PUBLISH packets from the server to a device's connections: QoS 0, DUP 0, RETAIN 0. [R23, R41]

#include "server/core/recorder.h"

#include <string_view>

namespace device {

class Delivery {
  public:
    Delivery(Context& context, Recorder& recorder) : context_(context), recorder_(recorder) {}

    // To one connection; dropped, with one finding per episode, while too much output waits there. [R45b]
    void to_link(Link& link, std::string_view topic, std::string_view payload, const runtime::Now& now);
    // To each connection of the device. [R41]
    void to_device(Device& device, std::string_view topic, std::string_view payload, const runtime::Now& now);
    // To each connection of the device with a matching subscription, one copy per connection. [R45a]
    void to_subscribers(Device& device, std::string_view topic, std::string_view payload, const runtime::Now& now);

  private:
    bool has_room(Link& link, std::size_t size, const runtime::Now& now);
    void send(Link& link, const outgoing::Publish& message, const runtime::Now& now);

    Context& context_;
    Recorder& recorder_;
};

}  // namespace device
