#pragma once
// `$content`: the list of the files that a device may download. [R60-R62]

#include "server/core/recorder.h"
#include "server/device/delivery.h"

namespace device {

class ContentList {
  public:
    ContentList(Context& context, Recorder& recorder, Delivery& delivery)
        : context_(context), recorder_(recorder), delivery_(delivery) {}

    // Sends the JSON array of {name, length, mime, url}, sorted by name, to the connection that asked.
    void reply(Link& link, std::string_view request_payload, const About& about, const runtime::Now& now);

  private:
    std::string json_for(const Link& link, const runtime::Now& now, const ContentListFault& fault);

    Context& context_;
    Recorder& recorder_;
    Delivery& delivery_;
};

}  // namespace device
