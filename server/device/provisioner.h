#pragma once
// Gives identities their credentials: over MQTT [R48-R54, R59] and over HTTPS [R64]. A request is decided first, which
// changes nothing; then the caller answers what goes first, and has it granted.

#include "server/core/client.h"
#include "server/core/device_table.h"
#include "server/core/recorder.h"
#include "server/murano/provisioning.h"

#include <string>
#include <string_view>

namespace device {

std::optional<config::AuthType> auth_type_of(const storage::IdentityRow& row);
std::optional<murano::IdentityFacts> facts_of(const Device* device);

// What a client asks for; its connector exists.
struct CredentialRequest {
    std::string_view id;
    std::string_view payload;         // a password or a certificate; a secret
    std::string_view client_id = {};  // MQTT
};

class Provisioner {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        Recorder& recorder;
    };
    explicit Provisioner(const Parts& parts) : parts_(parts) {}

    murano::ProvisionDecision decide(const Client& client, const CredentialRequest& request, const runtime::Now& now);

    // Makes or takes the identity `id` and gives it the credential that was decided; returns it: a token, a password or
    // a certificate.
    std::string grant(const Client& client, std::string_view id, const murano::ProvisionAccepted& accepted,
                      const runtime::Now& now);

    // The first connection with a client certificate that judge_login let through. [R58]
    Device& with_certificate(const Client& client, std::string_view identity, const std::string& pem,
                             const runtime::Now& now);

  private:
    Device& find_or_make(const Client& client, std::string_view identity, const runtime::Now& now);
    void mark_provisioned(Device& device, const Client& client, const runtime::Now& now);

    Parts parts_;
};

}  // namespace device
