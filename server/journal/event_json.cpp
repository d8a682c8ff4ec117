#include "server/journal/event_json.h"

#include "server/journal/event_names.h"
#include "server/journal/finding_code.h"
#include "server/journal/json_writer.h"
#include "server/journal/packet_fields.h"

#include <utility>
#include <vector>

namespace journal {
namespace {

// How much of the payload may still be shown, and what is said where that is not all.
class Shown {
  public:
    // `missing`: of its length, and not there.
    Shown(std::size_t most, std::uint64_t missing) : left_(most), length_(missing), truncated_(missing > 0) {}

    bool truncated() const { return truncated_; }
    std::uint64_t length() const { return length_; }

    // The part that is shown: no character is cut in two.
    std::string_view part_of(std::string_view bytes) {
        length_ += bytes.size();
        if (bytes.size() <= left_) {
            left_ -= bytes.size();
            return bytes;
        }
        truncated_ = true;
        std::size_t end = std::exchange(left_, 0);
        for (int back = 0; back < 3 && end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0U) == 0x80U; ++back) {
            --end;
        }
        return bytes.substr(0, end);
    }
    // Names and punctuation around a part; false: there is no room for it.
    bool room_for(std::size_t bytes) {
        if (bytes < left_) {
            left_ -= bytes;
            return true;
        }
        left_ = 0;
        truncated_ = true;
        return false;
    }
    void leave_out(std::string_view bytes) { length_ += bytes.size(); }

  private:
    std::size_t left_;
    std::uint64_t length_;
    bool truncated_;
};

constexpr std::size_t around_a_value = 16;
constexpr std::size_t around_a_report = 48;

bool is_encoded(const NamedValue& value) {
    return value.kind == ValueKind::string && !is_utf8(value.text);
}

// A number or boolean that is none would break the document; it is shown as the string it is.
void write_value(JsonWriter& out, const NamedValue& value) {
    const bool bare = (value.kind == ValueKind::number && is_json_number(value.text)) ||
                      (value.kind == ValueKind::boolean && (value.text == "true" || value.text == "false"));
    if (bare) {
        out.raw(value.text);
    } else if (is_encoded(value)) {
        out.string(base64(value.text));
    } else {
        out.foreign(value.text);
    }
}

void write_encodings(JsonWriter& out, const Report& report) {
    bool any = false;
    for (const NamedValue& value : report.values) {
        if (!is_encoded(value)) continue;
        if (!any) {
            out.key("encodings");
            out.start_object();
        }
        any = true;
        out.member(value.alias, std::string_view("base64"));
    }
    if (any) out.end_object();
}

// The values that are shown. A number that is cut off is none: what is there of it is shown as a string.
std::vector<NamedValue> shown_values(const Report& report, bool room, Shown& shown) {
    std::vector<NamedValue> values;
    for (const NamedValue& value : report.values) {
        room = room && shown.room_for(around_a_value + value.alias.size());
        if (!room) {
            shown.leave_out(value.text);
            continue;
        }
        NamedValue part = value;
        part.text = shown.part_of(value.text);
        if (part.text.size() < value.text.size()) part.kind = ValueKind::string;
        values.push_back(part);
    }
    return values;
}

void write_report(JsonWriter& out, const Report& whole, Shown& shown) {
    const bool room = shown.room_for(around_a_report);
    const auto values = shown_values(whole, room, shown);
    if (!room || (values.empty() && !whole.values.empty())) return;
    const Report report{whole.timestamp_us, values};
    out.start_object();
    out.member("timestamp", report.timestamp_us);
    out.key("values");
    out.start_object();
    for (const NamedValue& value : report.values) {
        out.key(value.alias);
        write_value(out, value);
    }
    out.end_object();
    write_encodings(out, report);
    out.end_object();
}

void write_finding_packet(JsonWriter& out, const FindingPayload& p) {
    if (p.packet_type.empty() && !p.packet_id && p.topic.empty()) return;
    out.key("packet");
    out.start_object();
    out.member_unless_empty("type", p.packet_type);
    if (p.packet_id) out.member("id", std::int64_t{*p.packet_id});
    out.member_unless_empty("topic", p.topic);
    out.end_object();
}

struct PayloadJson {
    JsonWriter& out;
    Shown& shown;

    void operator()(const NoPayload&) const {}
    void operator()(const DisconnectPayload& p) const {
        out.member("closed_by", p.closed_by);
        out.member("reason", p.reason);
    }
    void operator()(const DataPayload& p) const {
        out.key("payload");
        out.start_array();
        for (const Report& report : p.reports) write_report(out, report, shown);
        out.end_array();
    }
    void operator()(const PublishPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("topic", p.topic);
        out.payload_member("payload", shown.part_of(p.payload));
        out.end_object();
    }
    void operator()(const ContentPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("id", p.id);
        out.key("length");
        out.unsigned_number(p.length);
        out.member("mime", p.mime);
        out.end_object();
    }
    void operator()(const FindingPayload& p) const {
        out.member("rule", rule_of(p.code));
        if (is_code(p.code)) out.member("code", p.code);
        out.member("severity", severity_name(p.severity));
        write_finding_packet(out, p);
        out.member("message", p.message);
        out.member_unless_empty("hint", p.hint);
        out.member_unless_empty("claimed_identity", p.claimed_identity);
    }
    void operator()(const PacketPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("direction", std::string_view(p.outgoing ? "out" : "in"));
        const std::string_view raw = shown.part_of(p.raw);
        write_packet_fields(out, raw, shown.truncated() ? PacketPart::beginning : PacketPart::whole);
        out.member("raw", hex(raw));
        out.end_object();
    }
    void operator()(const FaultPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("name", p.name);
        out.member("kind", p.kind);
        out.key("hit");
        out.unsigned_number(p.hit);
        out.member_unless_empty("packet", p.packet);
        out.member_unless_empty("topic", p.topic);
        out.member("detail", p.detail);
        out.member_unless_empty("claimed_identity", p.claimed_identity);
        out.end_object();
    }
    void operator()(const VerdictPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("run", p.run);
        out.member("what", p.what);
        out.member_unless_empty("check", p.check);
        out.member_unless_empty("hook", p.hook);
        out.member_unless_empty("outcome", p.outcome);
        out.member_unless_empty("message", p.message);
        out.end_object();
    }
};

}  // namespace

void append_json(std::string& out, const Recorded& recorded, std::size_t most_payload) {
    const Event& event = recorded.event;
    JsonWriter writer(out);
    writer.start_object();
    writer.member("cursor", recorded.cursor);
    writer.member("type", type_name(event.type));
    writer.member_unless_empty("connector", event.connector);
    writer.member_unless_empty("identity", event.identity);
    writer.member_unless_empty("connection_id", event.connection_id);
    writer.member_unless_empty("ip", event.ip);
    writer.member("protocol", protocol_name(event.protocol));
    writer.member("timestamp", event.timestamp_us);
    writer.member("real_timestamp", event.real_timestamp_us);
    Shown shown(most_payload, recorded.missing);
    std::visit(PayloadJson{writer, shown}, event.payload);
    if (shown.truncated()) {
        writer.member_flag("truncated", true);
        writer.key("length");
        writer.unsigned_number(shown.length());
    }
    if (writer.lossy()) writer.member_flag("lossy", true);
    writer.end_object();
}

}  // namespace journal
