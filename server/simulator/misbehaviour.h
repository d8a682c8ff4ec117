#pragma once
// What a simulated device can do wrong: one table of kinds, and the changes to packets. Pure.

#include "protocol/client_encoder.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace simulator {

enum class Misbehaviour : std::uint8_t {
    none,
    // values
    comma,
    text_for_number,
    bad_json,
    seconds,
    milliseconds,
    // topics
    unknown_resource,
    unknown_topic,
    foreign_topic,
    // packets
    qos2,
    dup,
    retain,
    pubrec,
    second_connect,
    mqtt5,
    // life
    client_id,
    line_end,
    no_sni,
    no_pause,
    no_ping,
    mute
};

struct MisbehaviourRow {
    Misbehaviour kind;
    std::string_view name;  // "no-ping"
    std::string_view help;
    std::string_view rule;  // of the resulting finding; empty: none
};

// All except `none`, in the order of the help.
std::span<const MisbehaviourRow> misbehaviours();

// "all": each kind in turn; else names separated by commas. Empty for an unknown name; `error` then gives it, the
// nearest one, and all names.
std::vector<Misbehaviour> read_misbehaviours(std::string_view text, std::string& error);

std::string_view to_string(Misbehaviour kind);  // "none" too

// A correct report, changed as the kind says; unaffected ones stay unchanged. seconds and milliseconds change only the
// timestamps of batches.
struct ReportText {
    std::string topic, payload;
};
void spoil(Misbehaviour kind, ReportText& report);

// How a report is published.
protocol::PublishFlags publish_flags(Misbehaviour kind);

// The timestamp of a batch, which is in µs.
std::int64_t spoiled_timestamp(Misbehaviour kind, std::int64_t at_us);

}  // namespace simulator
