#include "server/faults/kinds.h"

#include <array>

namespace faults {
namespace {

using Choices = std::array<std::string_view, 3>;

constexpr Choices directions{"both", "in", "out"};
constexpr Choices endings{"fin", "reset", "half"};
constexpr std::array<std::string_view, 2> moments{"before", "after"};
constexpr std::array<std::string_view, 11> packets{"CONNECT",   "CONNACK",  "PUBLISH",     "PUBACK",
                                                   "SUBSCRIBE", "SUBACK",   "UNSUBSCRIBE", "UNSUBACK",
                                                   "PINGREQ",   "PINGRESP", "DISCONNECT"};

constexpr KeyRule direction{Key::direction, "direction", KeyType::choice, "which way; in: from the device", 0, 0,
                            directions,     "both"};
constexpr KeyRule after_bytes{
    Key::after_bytes, "after_bytes", KeyType::number, "so many bytes of MQTT or HTTP pass first", 0, most_bytes};
constexpr KeyRule jitter{
    Key::jitter_ms, "jitter_ms", KeyType::number, "the delay varies by up to so much either way", 0, most_ms, {}, "0"};

constexpr std::array silence_keys{direction, after_bytes};
constexpr std::array close_keys{
    KeyRule{Key::how, "how", KeyType::choice, "fin, a reset, or half: only the server's side ends", 0, 0, endings,
            "fin"},
    KeyRule{Key::direction, "direction", KeyType::choice,
            "whose bytes after_bytes counts (out); direction of the packet, if it has both", 0, 0, directions},
    after_bytes,
    KeyRule{Key::packet, "packet", KeyType::choice, "at this packet; PUBLISH: from the device, unless direction is out",
            0, 0, packets},
    KeyRule{Key::when, "when", KeyType::choice, "before the packet is handled or sent, or after", 0, 0, moments,
            "before"},
    KeyRule{Key::mid_packet, "mid_packet", KeyType::flag, "half of the packet still leaves", 0, 0, {}, "false"},
    KeyRule{Key::delay_ms, "delay_ms", KeyType::number, "so much later", 0, most_ms, {}, "0"},
    KeyRule{Key::idle_ms, "idle_ms", KeyType::number,
            "forgets a connection that was idle for so long, at its next byte", 1, most_ms}};
constexpr std::array latency_keys{
    direction, KeyRule{Key::delay_ms, "delay_ms", KeyType::number, "how much later", 0, most_ms, {}, {}, true}, jitter};
constexpr std::array bandwidth_keys{
    direction,
    KeyRule{Key::bytes_per_s, "bytes_per_s", KeyType::number, "averaged over 100 ms", 1, most_rate, {}, {}, true}};
constexpr std::array slice_keys{
    KeyRule{Key::bytes, "bytes", KeyType::number, "at most so many in a segment", 1, 65'536, {}, {}, true},
    KeyRule{Key::delay_ms, "delay_ms", KeyType::number, "between two segments", 0, 60'000, {}, "2"}};

constexpr std::array table{
    KindRule{Kind::refuse, "refuse", Layer::tcp, "The connection is reset right after accept.", {}},
    KindRule{Kind::outage,
             "outage",
             Layer::tcp,
             "Device ports stop listening and open connections are reset, until it ends.",
             {}},
    KindRule{Kind::silence, "silence", Layer::tcp,
             "A black hole: nothing is read, or nothing is sent, and nothing ends the connection.", silence_keys, true},
    KindRule{Kind::close, "close", Layer::tcp, "The connection ends there.", close_keys, true},
    KindRule{Kind::latency, "latency", Layer::tcp, "Every byte comes so much later, in order.", latency_keys, true},
    KindRule{Kind::bandwidth, "bandwidth", Layer::tcp, "No faster than this.", bandwidth_keys, true},
    KindRule{Kind::slice, "slice", Layer::tcp, "What leaves, leaves in small TCP segments.", slice_keys, true},
};

}  // namespace

std::span<const KindRule> tcp_kinds() {
    return table;
}

}  // namespace faults
