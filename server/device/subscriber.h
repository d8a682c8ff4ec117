#pragma once
// SUBSCRIBE and UNSUBSCRIBE. [R31-R36, R47]

#include "protocol/packets.h"
#include "server/device/recorder.h"
#include "server/device/sessions.h"

namespace device {

class Subscriber {
  public:
    Subscriber(Recorder& recorder, Sessions& sessions) : recorder_(recorder), sessions_(sessions) {}

    void subscribe(Link& link, const protocol::Subscribe& subscribe, const runtime::Now& now);
    void unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe, const runtime::Now& now);

  private:
    std::uint8_t decide(Link& link, const protocol::Subscribe& subscribe, std::string_view filter,
                        const runtime::Now& now);

    Recorder& recorder_;
    Sessions& sessions_;
};

}  // namespace device
