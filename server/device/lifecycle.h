#pragma once
// Ends connections, and does what the control side asks of a connected identity. [R7, R22, R63]

#include "server/core/device_table.h"
#include "server/core/recorder.h"
#include "server/device/sessions.h"

#include <string_view>

namespace device {

class Lifecycle {
  public:
    // Publishes a Will as if the device had sent it now, at QoS 0. [R7-R9]
    using WillPublisher = std::function<void(Link& link, const Will& will, const runtime::Now& now)>;

    Lifecycle(Context& context, DeviceTable& table, Recorder& recorder, Sessions& sessions)
        : context_(context), table_(table), recorder_(recorder), sessions_(sessions) {}
    void publish_wills_with(WillPublisher publisher) { publish_will_ = std::move(publisher); }

    // The connection is over: Will, stored session, disconnect event. Only the first call has an effect. After a failed
    // commit only the event is written.
    void end(Link& link, CloseReason reason, const runtime::Now& now);
    // end(), then closes the network connection.
    void close(Link& link, CloseReason reason, const runtime::Now& now);
    void close_all(Device& device, CloseReason reason, const runtime::Now& now);

    void set_locked(Device& device, bool locked, const runtime::Now& now);
    void revoke(Device& device, const runtime::Now& now);
    void remove(Device& device, const runtime::Now& now);
    void expire(Device& device, const runtime::Now& now);

  private:
    static bool will_survives(CloseReason reason);
    void leave(Link& link, const runtime::Now& now);  // keeps what outlives the connection

    Context& context_;
    DeviceTable& table_;
    Recorder& recorder_;
    Sessions& sessions_;
    WillPublisher publish_will_;
};

}  // namespace device
