#include "server/faults/kinds.h"

#include <array>

namespace faults {
namespace {

constexpr std::array<std::string_view, 6> out{"CONNACK", "PUBACK", "SUBACK", "UNSUBACK", "PINGRESP", "PUBLISH"};
constexpr std::array<std::string_view, 5> replaced{"PUBACK", "SUBACK", "UNSUBACK", "PINGRESP", "PUBLISH"};
constexpr std::array<std::string_view, 6> in{"CONNECT", "PUBLISH", "SUBSCRIBE", "UNSUBSCRIBE", "PINGREQ", "DISCONNECT"};
constexpr std::array<std::string_view, 11> any{"CONNECT",     "CONNACK",  "PUBLISH", "PUBACK",   "SUBSCRIBE", "SUBACK",
                                               "UNSUBSCRIBE", "UNSUBACK", "PINGREQ", "PINGRESP", "DISCONNECT"};
constexpr std::array<std::string_view, 10> damages{
    "random", "remaining_length", "reserved_flags", "packet_type", "unknown_packet_id",
    "qos3",   "truncated_utf8",   "wildcard_topic", "truncated",   "oversize"};
constexpr std::array<std::string_view, 2> moments{"before", "after"};
constexpr std::array<std::string_view, 2> one_way{"in", "out"};
constexpr std::array<std::string_view, 3> encodings{"utf8", "base64", "hex"};

constexpr KeyRule outgoing{Key::packet, "packet", KeyType::choice, "to the device", 0, 0, out, {}, true};

constexpr std::array connack_keys{
    KeyRule{Key::code, "code", KeyType::number, "the return code; 3 where session_present is not given", 1, 255},
    KeyRule{Key::session_present, "session_present", KeyType::flag,
            "alone: this flag in a CONNACK that accepts anyway"},
    KeyRule{Key::delay_ms, "delay_ms", KeyType::number, "the refusal leaves so much later", 0, 60'000},
    KeyRule{Key::stay_ms, "stay_ms", KeyType::number,
            "so long the connection stays open behind the refusal: what comes is seen and not handled", 0, 60'000}};
constexpr std::array withhold_keys{outgoing};
constexpr std::array ignore_keys{
    KeyRule{Key::packet, "packet", KeyType::choice, "from the device", 0, 0, in, {}, true}};
constexpr std::array delay_keys{
    outgoing, KeyRule{Key::delay_ms, "delay_ms", KeyType::number, "how much later", 0, most_ms, {}, {}, true},
    KeyRule{Key::jitter_ms, "jitter_ms", KeyType::number, "varies by up to so much either way", 0, most_ms, {}, "0"},
    KeyRule{Key::overtake, "overtake", KeyType::flag, "later packets need not wait", 0, 0, {}, "false"}};
constexpr std::array duplicate_keys{outgoing,
                                    KeyRule{Key::copies, "copies", KeyType::number, "how many more", 1, 100, {}, "1"}};
constexpr std::array reorder_keys{
    KeyRule{Key::by, "by", KeyType::number, "so many PUBLISH packets leave first", 1, 1'000, {}, "1"}};
constexpr std::array replace_keys{
    KeyRule{Key::packet, "packet", KeyType::choice, "to the device", 0, 0, replaced, {}, true},
    KeyRule{Key::topic, "topic", KeyType::text,
            "PUBLISH: sent instead; with wildcards it narrows, as match.topic does in every kind", 1, 65'535},
    KeyRule{Key::payload, "payload", KeyType::text, "PUBLISH: sent instead", 0, 1'048'576},
    KeyRule{Key::encoding, "encoding", KeyType::choice, "of payload", 0, 0, encodings, "utf8"},
    KeyRule{Key::code, "code", KeyType::number, "SUBACK: each of its return codes", 0, 255},
    KeyRule{Key::packet_id, "packet_id", KeyType::number, "not of PINGRESP", 0, 65'535}};
constexpr std::array corrupt_keys{
    outgoing, KeyRule{Key::how, "how", KeyType::choice, "in which way it is malformed", 0, 0, damages, "random"}};
constexpr std::array inject_keys{
    KeyRule{Key::hex, "hex", KeyType::hex, "1 byte to 64 KiB", 1, 65'536, {}, {}, true},
    KeyRule{Key::packet, "packet", KeyType::choice, "together with this packet; none: at once", 0, 0, any},
    KeyRule{Key::when, "when", KeyType::choice, "before or after the packet", 0, 0, moments, "after"},
    KeyRule{Key::direction, "direction", KeyType::choice, "direction of the packet, if it has both (out)", 0, 0,
            one_way}};
constexpr std::array coalesce_keys{
    KeyRule{Key::packets, "packets", KeyType::number, "this many leave in one segment, or fewer after 1 s", 2, 1'000},
    KeyRule{Key::ms, "ms", KeyType::number, "what comes within so long leaves in one segment", 1, 60'000}};

constexpr std::array table{
    KindRule{Kind::connack, "connack", Layer::mqtt, "The CONNECT is refused with a code, or session present is wrong.",
             connack_keys},
    KindRule{Kind::withhold, "withhold", Layer::mqtt, "The packet is not sent; what it confirms has happened.",
             withhold_keys},
    KindRule{Kind::ignore, "ignore", Layer::mqtt, "As if the packet had never come.", ignore_keys},
    KindRule{Kind::delay, "delay", Layer::mqtt, "The packet leaves later.", delay_keys},
    KindRule{Kind::duplicate, "duplicate", Layer::mqtt, "The packet is sent again at once.", duplicate_keys},
    KindRule{Kind::reorder, "reorder", Layer::mqtt, "A PUBLISH to the device leaves after later ones.", reorder_keys},
    KindRule{Kind::replace, "replace", Layer::mqtt, "The packet is sent with this instead.", replace_keys},
    KindRule{Kind::corrupt, "corrupt", Layer::mqtt, "The packet is sent malformed.", corrupt_keys},
    KindRule{Kind::inject, "inject", Layer::mqtt, "Raw bytes are sent in addition to the packets.", inject_keys},
    KindRule{Kind::coalesce, "coalesce", Layer::mqtt,
             "Several packets leave in one segment: one write, one TLS record.", coalesce_keys},
};

}  // namespace

std::span<const KindRule> mqtt_kinds() {
    return table;
}

}  // namespace faults
