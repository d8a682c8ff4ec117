#pragma once
// ONE table of all kinds of faults: names, keys, allowed values. Used for the JSON, the command line, the OpenAPI
// document and the reference. Immutable; any thread.
//
// A description is one flat JSON object in which three keys have two meanings. The kind decides:
//   name    the fault's own name; in the content kinds (http_status to content_changed) the content item; their own
//           name is then `fault_name`, which every kind accepts and every answer shows
//   topic   an MQTT filter that limits the topics; in `replace` a topic without wildcards is the new topic, and one
//           with wildcards, which cannot be a topic [MQTT-3.3.2-2], is a filter. `match.topic` is a filter in any kind.
//   after   the fault whose end begins this one; in `tls_stall` "server_hello" is a place in the handshake.
//           `after_fault` is the predecessor in every kind.

#include <cstdint>
#include <span>
#include <string_view>

namespace faults {

enum class Layer : std::uint8_t { tcp, tls, mqtt, content };

enum class Kind : std::uint8_t {
    refuse,
    outage,
    silence,
    close,
    latency,
    bandwidth,
    slice,
    tls_certificate,
    tls_abort,
    tls_stall,
    tls_version,
    tls_records,
    tls_no_resumption,
    connack,
    withhold,
    ignore,
    delay,
    duplicate,
    reorder,
    replace,
    corrupt,
    inject,
    coalesce,
    http_status,
    body_cut,
    body_flip,
    body_slow,
    no_range,
    content_changed,
    content_list
};

enum class Key : std::uint8_t {
    direction,
    after_bytes,
    how,
    packet,
    when,
    mid_packet,
    delay_ms,
    jitter_ms,
    idle_ms,
    bytes_per_s,
    bytes,
    as,
    intermediates,
    alert,
    max,
    min,
    place,  // a place in the handshake: key `after`
    code,
    session_present,
    stay_ms,
    overtake,
    copies,
    by,
    topic,  // sent instead
    payload,
    encoding,
    packet_id,
    hex,
    packets,
    ms,
    item,  // the content item: key `name`
    status,
    retry_after_s,
    location,
    request,
    body,
    at,
    count
};

enum class KeyType : std::uint8_t { number, flag, choice, text, hex };

struct KeyRule {
    Key key;
    std::string_view name;  // in JSON and on the command line
    KeyType type;
    std::string_view help;
    std::int64_t least = 0, most = 0;                // number: its range; text and hex: their length in bytes
    std::span<const std::string_view> choices = {};  // choice
    std::string_view fallback = {};                  // as text; empty: none
    bool needed = false;
};

struct KindRule {
    Kind kind;
    std::string_view name;
    Layer layer;
    std::string_view help;
    std::span<const KeyRule> keys;
    bool from_connect = false;  // a TCP or TLS kind that may name an identity: it then begins after the CONNECT

    const KeyRule* find(std::string_view key) const;
};

std::span<const KindRule> kinds();
const KindRule& rule_of(Kind kind);
const KindRule* find_kind(std::string_view name);
std::string_view to_string(Layer layer);
std::string_view to_string(KeyType type);

// The parts of the table, one file each.
std::span<const KindRule> tcp_kinds();
std::span<const KindRule> tls_kinds();
std::span<const KindRule> mqtt_kinds();
std::span<const KindRule> content_kinds();

// Limits shared by several keys.
inline constexpr std::int64_t most_ms = 31LL * 24 * 3600 * 1000;  // a month
inline constexpr std::int64_t most_bytes = 1'000'000'000'000;
inline constexpr std::int64_t most_times = 1'000'000'000;
inline constexpr std::int64_t most_rate = 1'000'000'000;  // bytes per second

}  // namespace faults
