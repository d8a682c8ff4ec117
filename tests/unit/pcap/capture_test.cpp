// Which segments become of packets: read back from the file's blocks.
#include "server/pcap/capture.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

using namespace std::string_literals;
using pcap::Direction;

namespace {

std::uint32_t number(std::string_view bytes, std::size_t at, std::size_t size, bool big) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8U | static_cast<unsigned char>(bytes[big ? at + i : at + size - 1 - i]);
    }
    return value;
}

// One frame in words, with sequence numbers relative to the first of each side: "> S 0/0 0 'comment'".
class Reader {
  public:
    std::vector<std::string> lines(std::string_view blocks) {
        std::vector<std::string> all;
        while (!blocks.empty()) {
            const auto size = number(blocks, 4, 4, false);
            all.push_back(line(blocks.substr(0, size)));
            blocks.remove_prefix(size);
        }
        return all;
    }
    std::string device_bytes, server_bytes;  // the data of each side, put together

  private:
    std::string line(std::string_view block) {
        const auto captured = number(block, 20, 4, false);
        const auto whole = number(block, 24, 4, false);
        const auto packet = block.substr(28, captured);
        const auto options = block.substr(28 + (captured + 3) / 4 * 4);
        const bool inbound = options[4] == 1;
        const auto tcp = packet.substr(20);
        const auto header = number(tcp, 12, 1, true) / 16 * 4;
        auto text = std::string(inbound ? ">" : "<") + flags(number(tcp, 13, 1, true));
        const auto side = number(tcp, 0, 2, true);
        const auto sequence = number(tcp, 4, 4, true);
        if (!first_.contains(side)) first_[side] = sequence;
        const auto data = tcp.substr(header);
        text += " " + std::to_string(sequence - first_[side]) + " " + std::to_string(data.size());
        if (whole > captured) text += " of " + std::to_string(whole - 20 - header);
        (inbound ? device_bytes : server_bytes) += data;
        if (options.size() > 16) text += " '" + std::string(options.substr(12, number(options, 10, 2, false))) + "'";
        return text;
    }
    static std::string flags(std::uint32_t bits) {
        std::string text = " ";
        for (const auto& [bit, letter] :
             {std::pair{1U, 'F'}, std::pair{2U, 'S'}, std::pair{4U, 'R'}, std::pair{8U, 'P'}, std::pair{16U, 'A'}}) {
            if ((bits & bit) != 0) text += letter;
        }
        return text;
    }

    std::map<std::uint32_t, std::uint32_t> first_;  // by port
};

pcap::Packet packet(std::string_view connection, Direction direction, std::string_view bytes) {
    return {.connection = connection,
            .ip = "10.1.2.3",
            .about = "whose it is",
            .direction = direction,
            .time_us = 1'000'000,
            .bytes = bytes,
            .length = bytes.size()};
}

const std::string connect = "\x10\x0C\0\x04MQTT\x04\x02\0\x3C\0\0"s;
const std::string accepted = "\x20\x02\0\0"s;

}  // namespace

TEST_CASE("A connection begins with a handshake, its packets follow without a gap, and it ends as the journal says") {
    pcap::Capture capture;
    std::string out;
    capture.packet(out, packet("a", Direction::inbound, connect));
    capture.packet(out, packet("a", Direction::outbound, accepted));
    capture.packet(out, packet("a", Direction::inbound, "\xC0\0"s));
    capture.packet(out, packet("a", Direction::outbound, "\xD0\0"s));
    capture.end(out, {"a", 2'000'000, "device", "DISCONNECT received"});
    Reader reader;
    CHECK(reader.lines(out) == std::vector<std::string>{
                                   "> S 0 0 'whose it is'",
                                   "< SA 0 0",
                                   "> A 1 0",
                                   "> PA 1 14",
                                   "< PA 1 4",
                                   "> PA 15 2",
                                   "< PA 5 2",
                                   "> FA 17 0 'Closed by device: DISCONNECT received'",
                                   "< FA 7 0",
                                   "> A 18 0",
                               });
    CHECK(reader.device_bytes == connect + "\xC0\0"s);
    CHECK(reader.server_bytes == accepted + "\xD0\0"s);
    CHECK(capture.counts().packets == 4);
    CHECK(capture.counts().connections == 1);
    CHECK(capture.counts().cut == 0);
}

TEST_CASE("Who closes sends the first FIN; a network error is a reset") {
    const auto ends = [](std::string_view closed_by) {
        pcap::Capture capture;
        std::string out;
        capture.packet(out, packet("a", Direction::inbound, connect));
        out.clear();
        capture.end(out, {"a", 0, closed_by, "why"});
        capture.end(out, {"a", 0, closed_by, "once only"});
        Reader reader;
        return reader.lines(out);
    };
    CHECK(ends("server") == std::vector<std::string>{"< FA 0 0 'Closed by server: why'", "> FA 0 0", "< A 1 0"});
    CHECK(ends("network") == std::vector<std::string>{"> RA 0 0 'Closed by network: why'"});
}

TEST_CASE("A refused CONNECT ends the stream, because no event tells its end") {
    pcap::Capture capture;
    std::string out;
    capture.packet(out, packet("a", Direction::inbound, connect));
    out.clear();
    capture.packet(out, packet("a", Direction::outbound, "\x20\x02\0\x05"s));
    Reader reader;
    CHECK(reader.lines(out) ==
          std::vector<std::string>{"< PA 0 4", "< FA 4 0 'Closed by server: CONNECT refused'", "> FA 0 0", "< A 5 0"});
    out.clear();
    capture.end(out, {"a", 0, "server", "late"});
    CHECK(out.empty());
}

TEST_CASE("A connection that the journal has from its middle has no handshake, and says so") {
    pcap::Capture capture;
    std::string out;
    capture.packet(out, packet("a", Direction::inbound, "\xC0\0"s));
    Reader reader;
    CHECK(reader.lines(out) ==
          std::vector<std::string>{"> PA 0 2 'The journal has no CONNECT of this connection: whose it is.'"});
}

TEST_CASE("A long packet is several segments, the last of which is pushed") {
    pcap::Capture capture;
    std::string out;
    std::string bytes(150'000, 'x');
    bytes[70'000] = 'y';
    capture.packet(out, packet("a", Direction::outbound, bytes));
    Reader reader;
    const auto lines = reader.lines(out);
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].starts_with("< A 0 65000 '"));
    CHECK(lines[1] == "< A 65000 65000");
    CHECK(lines[2] == "< PA 130000 20000");
    CHECK(reader.server_bytes == bytes);
}

TEST_CASE("Of a packet that was cut off its beginning is there, its length shows, and the stream goes on behind it") {
    pcap::Capture capture;
    std::string out;
    capture.packet(out, packet("a", Direction::inbound, connect));
    out.clear();
    auto cut = packet("a", Direction::inbound, "begin");
    cut.length = 140'000;
    capture.packet(out, cut);
    capture.packet(out, packet("a", Direction::inbound, "\xC0\0"s));
    Reader reader;
    CHECK(reader.lines(out) ==
          std::vector<std::string>{"> A 0 5 of 65000 'The journal has 5 of the 140000 bytes of this packet.'",
                                   "> PA 140000 2"});
    CHECK(capture.counts().cut == 1);
}

TEST_CASE("Connections have ports of their own, and the one that is silent for longest is forgotten") {
    pcap::Capture capture(2);
    std::string out;
    for (const auto* id : {"a", "b", "a", "c"}) capture.packet(out, packet(id, Direction::inbound, connect));
    out.clear();
    capture.packet(out, packet("a", Direction::inbound, "\xC0\0"s));
    Reader reader;
    CHECK(reader.lines(out) == std::vector<std::string>{"> PA 0 2"});
    out.clear();
    capture.packet(out, packet("b", Direction::inbound, "\xC0\0"s));
    CHECK(reader.lines(out).front().find("no CONNECT") != std::string::npos);
    CHECK(capture.counts().connections == 4);
}
