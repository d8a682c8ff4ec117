#pragma once
// Gives identities their credentials: over MQTT [R48-R54, R59] and over HTTPS [R64].

#include "server/core/device_table.h"
#include "server/core/http_login.h"
#include "server/device/acknowledge.h"
#include "server/device/delivery.h"
#include "server/device/lifecycle.h"
#include "server/murano/provisioning.h"

#include <string>
#include <string_view>

namespace device {

std::optional<config::AuthType> auth_type_of(const storage::IdentityRow& row);
std::optional<murano::IdentityFacts> facts_of(const Device* device);

class Provisioner {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        Recorder& recorder;
        Delivery& delivery;
        Lifecycle& lifecycle;
    };
    explicit Provisioner(const Parts& parts) : parts_(parts) {}

    // A PUBLISH to `$provision/<id>`. False: a quirk closes the connection.
    bool request(Link& link, std::string_view id, std::string_view payload, const About& about, const runtime::Now& now,
                 const Acknowledge& acknowledge);

    // The same over HTTPS; `connector` exists.
    Activated activate(Connector& connector, const Activation& request, const runtime::Now& now);

    // The first connection with a client certificate that judge_login accepted. [R58]
    Device& with_certificate(Connector& connector, std::string_view identity, const std::string& pem,
                             const Subject& subject, const runtime::Now& now);

  private:
    bool refuse(Link& link, const murano::Finding& finding, const About& about, const runtime::Now& now,
                const Acknowledge& acknowledge);
    bool rotate(Link& link, std::string_view payload, const About& about, const runtime::Now& now,
                const Acknowledge& acknowledge);
    // Creates or takes over the identity and gives it the credential. Returns its token or password.
    std::string grant(Connector& connector, Device* known, std::string_view id,
                      const murano::ProvisionAccepted& accepted, const Subject& subject, const runtime::Now& now);
    bool full(const Connector& connector, const Device* known);
    void mark_provisioned(Device& device, const Subject& subject, const runtime::Now& now);

    Parts parts_;
};

}  // namespace device
