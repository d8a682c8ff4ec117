#pragma once
// What a network connection calls on the devices. Loop thread only. Answers leave through the link's Peer, gated by the
// commit of what they confirm.

#include "protocol/actions.h"
#include "server/core/about.h"
#include "server/core/close_reason.h"
#include "server/core/link.h"
#include "server/murano/finding.h"

namespace device {

class DevicePort {
  public:
    virtual ~DevicePort() = default;

    // The identity that a CONNECT claims, before the login is judged; no effect. Empty: an anonymous client.
    virtual std::string claimed_identity(const Link& /*link*/, const protocol::Connect& /*connect*/) { return {}; }
    // Sends the CONNACK. False: refused; the caller closes with CloseReason::refused.
    virtual bool connect(Link& link, const protocol::Connect& connect) = 0;
    virtual void publish(Link& link, const protocol::Publish& publish) = 0;
    virtual void subscribe(Link& link, const protocol::Subscribe& subscribe) = 0;
    virtual void unsubscribe(Link& link, const protocol::Unsubscribe& unsubscribe) = 0;
    virtual void unexpected_puback(Link& link, std::uint16_t packet_id) = 0;       // [R29]
    virtual void violation(Link& link, const protocol::Violation& violation) = 0;  // recorded; the caller closes
    virtual void doubtful_text(Link& link, const About& about) = 0;                // [R5]
    // A packet in either direction, where the connector journals packets. `raw` may hold secrets: the devices mask
    // them.
    virtual void packet(Link& link, bool outgoing, std::string_view raw) = 0;
    virtual bool wants_packets(const Link& link) const = 0;
    // The gate of a packet that no call of the devices answers: everything changed so far. [R25a]
    virtual Gate gate() const = 0;
    // The connection is over. Called once per link, even if no CONNECT came.
    virtual void closed(Link& link, CloseReason reason) = 0;
    // A TLS handshake that failed, or a connection that ended before MQTT began. Severity info is not logged.
    struct HandshakeFailure {
        std::string_view code;  // static text
        std::string_view connector, connection_id, ip, sentence, hint;
        journal::Severity severity = journal::Severity::violation;
    };
    virtual void handshake_failed(const HandshakeFailure& failure) = 0;
};

}  // namespace device
