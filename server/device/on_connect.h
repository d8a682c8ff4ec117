#pragma once
// CONNECT: who connects, which connection is displaced, what CONNACK says, and what follows. [R7-R22, R42, R58]

#include "protocol/packets.h"
#include "server/core/http_login.h"
#include "server/device/hidden_text.h"
#include "server/device/lifecycle.h"
#include "server/device/login_doubts.h"
#include "server/device/provisioner.h"
#include "server/device/sessions.h"
#include "server/device/state.h"
#include "server/murano/authenticator.h"
#include "server/murano/takeovers.h"

#include <optional>
#include <string>
#include <variant>

namespace device {

class Logins {
  public:
    struct Parts {
        Context& context;
        DeviceTable& table;
        Recorder& recorder;
        Sessions& sessions;
        State& state;
        Lifecycle& lifecycle;
        Provisioner& provisioner;
        HiddenText& hidden;
        LoginDoubts& doubts;
    };
    explicit Logins(const Parts& parts) : parts_(parts) {}

    // Sends the CONNACK. False: refused; the caller closes.
    bool connect(Link& link, const protocol::Connect& connect, const runtime::Now& now);

    // The identity that the CONNECT claims, whether it may log in or not; no effect. Empty: an anonymous client.
    std::string claimed_identity(const Link& link, const protocol::Connect& connect, const runtime::Now& now);
    // The identity that owns a credential presented over HTTPS. [R65]
    std::optional<std::string> authenticate(const HttpCredential& credential, const runtime::Now& now);

  private:
    struct Verdict {
        murano::LoginVerdict login;
        Device* device = nullptr;
    };
    Verdict judge(Connector& connector, const murano::LoginFields& fields, const Rare<PeerCertificate>& certificate,
                  std::string_view ip, std::int64_t now_us);
    // `claimed`: the identity that the CONNECT claims, if known.
    bool refuse(Link& link, const protocol::Connect& connect, std::uint8_t code, const murano::Finding& finding,
                const runtime::Now& now, std::string_view claimed = {});
    bool refuse_login(Link& link, Connector& connector, const protocol::Connect& connect,
                      const murano::LoginRefused& refused, const runtime::Now& now);
    void accept(Link& link, const protocol::Connect& connect, const runtime::Now& now);
    void displace(Link& link, const runtime::Now& now);
    void keep_will(Link& link, const protocol::Connect& connect, const runtime::Now& now);
    void note_names(Link& link, const protocol::Connect& connect, const runtime::Now& now);
    void note_login(Link& link, const std::optional<murano::Finding>& note, const runtime::Now& now);

    Parts parts_;
};

}  // namespace device
