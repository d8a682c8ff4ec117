#pragma once
// MQTT packets as TCP streams that Wireshark dissects. What the journal keeps is the packets; IP and TCP around them
// are made here: the device's real address, the server's port 1883, sequence numbers without a gap, one stream for each
// connection. Not encrypted. Pure: the bytes of the file are appended to what the caller gives. Times are microseconds
// since 1970.
//
// A stream begins with a handshake where its first packet is a CONNECT; another one the journal saw from its middle,
// and a comment says so. It ends where the journal tells the connection's end, or behind a CONNACK that refuses.

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
    std::string_view about;       // whose connection it is, for the comment of its first frame
    Direction direction = Direction::inbound;
    std::int64_t time_us = 0;
    std::string_view bytes;
    std::uint64_t length = 0;  // that it had; more than bytes.size(): its end was not kept
};

struct End {
    std::string_view connection;
    std::int64_t time_us = 0;
    std::string_view closed_by;  // as the event has it; "network" ends with a reset
    std::string_view reason;
};

struct Counts {
    std::uint64_t packets = 0, connections = 0, cut = 0;
};

// One thread. Of so many connections it knows their place in their stream; of more, the one that was silent for longest
// is forgotten, and goes on as one that was seen from its middle.
class Capture {
  public:
    static constexpr std::size_t most_streams = 65'536;

    explicit Capture(std::size_t most = most_streams) : most_(most) {}

    void packet(std::string& out, const Packet& packet);
    // Of a connection without packets: nothing.
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
    using Streams = std::list<Stream>;  // the one that spoke last stands last

    // A new stream begins with a handshake, or `comment` gets why it does not.
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
