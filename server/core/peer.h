#pragma once
// A network connection as the devices see it, without bytes or sockets. The MQTT session implements it.

#include "server/core/close_reason.h"
#include "server/core/origin.h"
#include "server/core/outgoing.h"
#include "server/core/rare.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace device {

// The client certificate whose key the handshake proved. Times: µs since 1970. [R58]
struct PeerCertificate {
    std::string pem;
    std::string chain_pem;  // what the client sent after it
    std::string common_name;
    std::string name_fault;  // why an existing CN does not count: "contains the character U+0000"
    std::size_t common_names = 0;
    std::string fingerprint;  // SHA-256, hex
    std::int64_t not_before_us = 0;
    std::int64_t not_after_us = 0;
};

struct PeerFacts : Origin {
    bool tls = true;
    std::string authority;  // host[:port] that content URLs are made of
    std::string sni, tls_version, tls_cipher;
    std::string local_ip;
    std::uint16_t local_port = 0;
    bool loopback_listener = false;
    Rare<PeerCertificate> certificate;
};

struct PeerTraffic {
    std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
};

// The commit sequence that must be committed before the output leaves. [R25a] 0: none.
using Gate = std::uint64_t;

// Loop thread only.
class Peer {
  public:
    virtual ~Peer() = default;

    // Sends the packet (copied), in order, once `gate` is committed. [R25a]
    virtual void send(const Outgoing& packet, Gate gate) = 0;
    // Bytes waiting for the commit or the socket. [R45b]
    virtual std::size_t waiting_bytes() const = 0;
    // Sends what is waiting, then closes. Does not call back into the devices.
    virtual void close(CloseReason reason) = 0;
    virtual PeerTraffic traffic() const = 0;
};

}  // namespace device
