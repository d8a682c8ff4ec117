#include "server/journal/event_json.h"

#include "server/journal/event_names.h"
#include "server/journal/json_writer.h"
#include "server/journal/packet_fields.h"

namespace journal {
namespace {

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

void write_report(JsonWriter& out, const Report& report) {
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

    void operator()(const NoPayload&) const {}
    void operator()(const DisconnectPayload& p) const {
        out.member("closed_by", p.closed_by);
        out.member("reason", p.reason);
    }
    void operator()(const DataPayload& p) const {
        out.key("payload");
        out.start_array();
        for (const Report& report : p.reports) write_report(out, report);
        out.end_array();
    }
    void operator()(const PublishPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("topic", p.topic);
        out.payload_member("payload", p.payload);
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
        out.member("rule", p.rule);
        out.member("severity", severity_name(p.severity));
        write_finding_packet(out, p);
        out.member("message", p.message);
        out.member_unless_empty("hint", p.hint);
    }
    void operator()(const PacketPayload& p) const {
        out.key("payload");
        out.start_object();
        out.member("direction", std::string_view(p.outgoing ? "out" : "in"));
        write_packet_fields(out, p.raw);
        out.member("raw", hex(p.raw));
        out.end_object();
    }
};

}  // namespace

void append_json(std::string& out, const Recorded& recorded) {
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
    std::visit(PayloadJson{writer}, event.payload);
    if (writer.lossy()) writer.member_flag("lossy", true);
    writer.end_object();
}

}  // namespace journal
