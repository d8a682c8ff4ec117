#pragma once
// A network connection as the devices see it. net implements it; devices never see a socket.

#include "server/device/close_reason.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace device {

// The client certificate that the handshake proved the key of. Times: µs since 1970. [R58]
struct PeerCertificate {
    std::string pem;
    std::string common_name;
    std::string fingerprint;  // SHA-256, hex
    std::int64_t not_before_us = 0;
    std::int64_t not_after_us = 0;
};

struct PeerFacts {
    std::string connection_id;  // 20 letters and digits
    std::string ip;
    bool tls = true;
    std::string connector;  // chosen by SNI, or by the plain port
    std::string authority;  // host[:port] that content URLs are made of
    std::string sni, tls_version, tls_cipher;
    std::string local_ip;
    std::uint16_t local_port = 0;
    bool loopback_listener = false;
    std::optional<PeerCertificate> certificate;
};

struct PeerTraffic {
    std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
};

// Loop thread only.
class Peer {
  public:
    virtual ~Peer() = default;

    // Appends whole packets (copied). They leave, in order, once everything submitted until now is committed. [R25a]
    virtual void send(std::string_view packets) = 0;
    // Bytes that wait for the commit or for the socket. [R45b]
    virtual std::size_t waiting_bytes() const = 0;
    // Sends what is waiting, then closes. Does not call back into the devices.
    virtual void close(CloseReason reason) = 0;
    virtual PeerTraffic traffic() const = 0;
};

}  // namespace device
