#pragma once
// SUBSCRIBE and UNSUBSCRIBE, and the limits on one session's filters. [R31-R36, R47]

#include "protocol/packets.h"
#include "server/core/recorder.h"
#include "server/device/sessions.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace device {

class Subscriber {
  public:
    Subscriber(Context& context, Recorder& recorder, Sessions& sessions)
        : context_(context), recorder_(recorder), sessions_(sessions) {}

    void subscribe(Link& link, const protocol::Subscribe& subscribe, const runtime::Now& now);
    void unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe, const runtime::Now& now);

  private:
    std::optional<murano::Finding> too_large(std::string_view filter) const;
    std::optional<murano::Finding> too_many(const Link& link, std::string_view filter) const;
    std::uint8_t decide(Link& link, const protocol::Subscribe& subscribe, std::string_view filter,
                        const runtime::Now& now);

    Context& context_;
    Recorder& recorder_;
    Sessions& sessions_;
};

}  // namespace device
