#pragma once
// MQTT packets as TCP streams that Wireshark dissects. The journal keeps only packets; their IP and TCP are generated
// here: the device's real address, the server's port 1883, sequence numbers without gaps, one stream per connection.
// Not encrypted. Pure: bytes of the file are appended to the caller's string. Times are µs since 1970.
//
// A stream begins with a handshake if its first packet is a CONNECT; otherwise a comment says that the journal has only
// its later part. It ends with the journal's disconnect event, or after a CONNACK that refuses.

#include "server/pcap/pcapng.h"
#include "server/pcap/tcp_segment.h"

#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pcap {

struct Packet {
    std::string_view connection;  // its id
    std::string_view ip;          // of the device
    std::string_view about;       // its device, for the comment of its first frame
    Direction direction = Direction::inbound;
    std::int64_t time_us = 0;
    std::string_view bytes;
    std::uint64_t length = 0;  // original length; greater than bytes.size(): its end was not kept
};

struct End {
    std::string_view connection;
    std::int64_t time_us = 0;
    std::string_view closed_by;  // as in the event; "network" ends with a reset
    std::string_view reason;
};

struct Counts {
    std::uint64_t packets = 0, connections = 0, cut = 0;
};

// One thread. Remembers the positions of this many streams; beyond that, the one silent for longest is forgotten and
// continues like one without a beginning.
class Capture {
  public:
    static constexpr std::size_t most_streams = 65'536;

    explicit Capture(std::size_t most = most_streams) : most_(most) {}

    void packet(std::string& out, const Packet& packet);
    // No effect for a connection without packets.
    void end(std::string& out, const End& end);

    const Counts& counts() const { return counts_; }

  private:
    struct Side {
        Endpoint endpoint;
        std::uint32_t next = 0;  // sequence number
    };
    struct Stream {
        std::string connection;
        Side device, server;
    };
    using Streams = std::list<Stream>;  // the most recently used is last

    // A new stream begins with a handshake, or `comment` says why not.
    Stream& stream_of(std::string& out, const Packet& packet, std::string& comment);
    Stream& add_stream(const Packet& packet);
    static void handshake(std::string& out, Stream& stream, std::int64_t time_us, std::string_view comment);
    static void data(std::string& out, Stream& stream, const Packet& packet, std::string_view comment);
    void close(std::string& out, Streams::iterator stream, const End& end);

    std::size_t most_;
    Streams streams_;
    std::unordered_map<std::string_view, Streams::iterator> by_connection_;
    std::uint32_t begun_ = 0;
    Counts counts_;
};

}  // namespace pcap
