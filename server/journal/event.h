#pragma once
// One entry of the journal, as views: the caller owns the bytes until append() returns. Times are µs since 1970.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace journal {

enum class EventType : std::uint8_t {
    connect = 1,
    disconnect,
    provisioned,
    data_in,
    data_out,
    publish,
    content_in,
    deleted,
    expired,
    finding,
    packet,
    fault,
    verdict
};
enum class Protocol : std::uint8_t { mqtt = 1, http, control };
enum class Severity : std::uint8_t { info = 1, warning, violation };
enum class ValueKind : std::uint8_t { string = 1, number, boolean };  // in JSON number and boolean are unquoted

struct NamedValue {
    std::string_view alias;
    std::string_view text;  // exact text [R40a]; any UTF-8, else shown as base64
    ValueKind kind = ValueKind::string;
};
struct Report {
    std::int64_t timestamp_us = 0;
    std::span<const NamedValue> values;
};

struct NoPayload {};
struct DisconnectPayload {
    std::string_view closed_by;
    std::string_view reason;
};  // "device", "server", "network", "control"
struct DataPayload {
    std::span<const Report> reports;
};  // data_in, data_out
struct PublishPayload {
    std::string_view topic;
    std::string_view payload;  // any bytes
    // Memory for the journal's copy of a giant payload, written to before (no page faults); nullptr: none.
    std::string* room = nullptr;
};
struct ContentPayload {
    std::string_view id;
    std::uint64_t length = 0;
    std::string_view mime;
};
struct FindingPayload {
    std::string_view code;  // "R28.dup_with_qos_0"; in older journals only the rule. See finding_code.h.
    Severity severity = Severity::warning;
    std::string_view message;      // what happened, one sentence for a firmware developer
    std::string_view hint;         // what to do instead; may be empty
    std::string_view packet_type;  // "PUBLISH"; empty: not about a packet
    std::optional<std::uint16_t> packet_id;
    std::string_view topic;  // empty: none
    // The identity that a refused CONNECT claimed, if known; filters by identity match it. Empty: none.
    std::string_view claimed_identity = {};
};
struct PacketPayload {
    bool outgoing = false;
    std::string_view raw;
};  // secrets already masked by the caller

// One hit of a fault, done on purpose.
struct FaultPayload {
    std::string_view name;
    std::string_view kind;    // "withhold"
    std::uint64_t hit = 0;    // from 1
    std::string_view packet;  // "PUBACK"; empty: no packet
    std::string_view topic;   // empty: none
    std::string_view detail;  // one sentence
    // The identity claimed by a CONNECT that the fault refused, if known. Empty: none.
    std::string_view claimed_identity = {};
};

// A step of a run that judges a device's firmware.
struct VerdictPayload {
    std::string_view run;      // its id
    std::string_view what;     // "began", "hook", "outcome", "ended"
    std::string_view check;    // its id; empty: the run as a whole
    std::string_view hook;     // the requested hook; empty: none
    std::string_view outcome;  // "passed", "aborted"; empty: none
    std::string_view message;
};

using Payload = std::variant<NoPayload, DisconnectPayload, DataPayload, PublishPayload, ContentPayload, FindingPayload,
                             PacketPayload, FaultPayload, VerdictPayload>;

struct Event {
    EventType type = EventType::connect;
    std::string_view connector;
    std::string_view identity;       // empty: none (anonymous)
    std::string_view connection_id;  // empty: none (control side)
    std::string_view ip;
    Protocol protocol = Protocol::mqtt;
    std::int64_t timestamp_us = 0;  // emulator's clock
    std::int64_t real_timestamp_us = 0;
    Payload payload;
};

}  // namespace journal
