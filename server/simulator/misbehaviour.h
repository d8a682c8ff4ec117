#pragma once
// What a simulated device may do wrong: one table of kinds, and the slips that are changes of a packet. Pure.

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
    std::string_view rule;  // of the finding that it leaves; empty: it leaves none
};

// All but `none`, in the order of the help.
std::span<const MisbehaviourRow> misbehaviours();

// "all": each kind in turn; else names with commas between them. Of an unknown one: none, and `error` names it, the
// nearest, and all that there are.
std::vector<Misbehaviour> read_misbehaviours(std::string_view text, std::string& error);

std::string_view to_string(Misbehaviour kind);  // "none" too

// A report as it would be right, spoiled; one that the kind has nothing to do with stays as it is. Batches only: the
// timestamps of seconds and milliseconds.
struct ReportText {
    std::string topic, payload;
};
void spoil(Misbehaviour kind, ReportText& report);

// How a report is published.
protocol::PublishFlags publish_flags(Misbehaviour kind);

// The timestamp of a batch, which is in µs.
std::int64_t spoiled_timestamp(Misbehaviour kind, std::int64_t at_us);

}  // namespace simulator
