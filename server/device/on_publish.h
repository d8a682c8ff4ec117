#pragma once
// A PUBLISH from a device, or its Will: the meaning of its topic, and who handles it. [R23-R28, R37-R48, R60]

#include "protocol/packets.h"
#include "server/device/acknowledge.h"
#include "server/device/content_list.h"
#include "server/device/lifecycle.h"
#include "server/device/provisioner.h"
#include "server/device/reports.h"
#include "server/murano/topic_commands.h"

namespace device {

class Inbound {
  public:
    struct Parts {
        Context& context;
        Recorder& recorder;
        Delivery& delivery;
        Reports& reports;
        Provisioner& provisioner;
        ContentList& content_list;
        Lifecycle& lifecycle;
    };
    explicit Inbound(const Parts& parts) : parts_(parts) {}

    void publish(Link& link, const protocol::Publish& publish, const runtime::Now& now);
    void will(Link& link, const Will& will, const runtime::Now& now);

  private:
    // False: a quirk closes the connection, and the message is not acknowledged.
    bool dispatch(Link& link, const protocol::Publish& publish, const runtime::Now& now,
                  const Acknowledge& acknowledge);
    bool provision(Link& link, std::string_view id, const protocol::Publish& publish, const About& about,
                   const runtime::Now& now, const Acknowledge& acknowledge);
    bool report(Link& link, const murano::PublishCommand& command, const protocol::Publish& publish, const About& about,
                const runtime::Now& now);
    void arbitrary(Link& link, const protocol::Publish& publish, const About& about, const runtime::Now& now);
    void note_own_credential(Link& link, const protocol::Publish& publish, const About& about, const runtime::Now& now);
    void note_flags(Link& link, const protocol::Publish& publish, const About& about, const runtime::Now& now);

    Parts parts_;
};

}  // namespace device
