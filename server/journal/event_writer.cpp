#include "server/journal/event_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace journal {
namespace {

constexpr unsigned subject_elsewhere = 0x80;  // in the byte of the protocol
constexpr std::size_t max_varint = 10;
constexpr std::size_t fixed_part = 4 + 2 + max_varint + 8 + max_varint;

std::size_t text_bound(std::string_view text) {
    return max_varint + text.size();
}

// An upper bound, so that the target grows once and the writer below needs no checks.
struct PayloadBound {
    std::size_t operator()(const NoPayload&) const { return 0; }
    std::size_t operator()(const DisconnectPayload& p) const { return text_bound(p.closed_by) + text_bound(p.reason); }
    std::size_t operator()(const DataPayload& p) const {
        std::size_t bound = 2 * max_varint;
        for (const Report& report : p.reports) {
            bound += 2 * max_varint;
            for (const NamedValue& value : report.values) bound += 1 + text_bound(value.alias) + text_bound(value.text);
        }
        return bound;
    }
    std::size_t operator()(const PublishPayload& p) const { return text_bound(p.topic) + max_varint; }
    std::size_t operator()(const ContentPayload& p) const { return text_bound(p.id) + max_varint + text_bound(p.mime); }
    std::size_t operator()(const FindingPayload& p) const {
        return text_bound(p.code) + 1 + text_bound(p.message) + text_bound(p.hint) + text_bound(p.packet_type) +
               max_varint + text_bound(p.topic) + text_bound(p.claimed_identity);
    }
    std::size_t operator()(const PacketPayload&) const { return 1 + max_varint; }
    std::size_t operator()(const FaultPayload& p) const {
        return text_bound(p.name) + text_bound(p.kind) + max_varint + text_bound(p.packet) + text_bound(p.topic) +
               text_bound(p.detail) + text_bound(p.claimed_identity);
    }
    std::size_t operator()(const VerdictPayload& p) const {
        return text_bound(p.run) + text_bound(p.what) + text_bound(p.check) + text_bound(p.hook) +
               text_bound(p.outcome) + text_bound(p.message);
    }
};

// The end of a payload, which goes to the block without a stop in between: it may have hundreds of megabytes.
std::string_view tail_of(const Payload& payload) {
    if (const auto* publish = std::get_if<PublishPayload>(&payload)) return publish->payload;
    if (const auto* packet = std::get_if<PacketPayload>(&payload)) return packet->raw;
    return {};
}

class Writer {
  public:
    explicit Writer(char* at) : at_(at) {}

    char* at() const { return at_; }

    void byte(unsigned value) { *at_++ = static_cast<char>(value); }
    void u32(std::uint32_t value) { fixed(value); }
    void i64(std::int64_t value) { fixed(value); }
    void varint(std::uint64_t value) {
        while (value >= 0x80) {
            byte(static_cast<unsigned>(value & 0x7FU) | 0x80U);
            value >>= 7U;
        }
        byte(static_cast<unsigned>(value));
    }
    // The distance wraps around, so that any two times have one.
    void distance(std::int64_t from, std::int64_t to) {
        const std::uint64_t bits = static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
        const std::uint64_t sign = std::bit_cast<std::int64_t>(bits) < 0 ? ~std::uint64_t{0} : 0;
        varint((bits << 1U) ^ sign);
    }
    void text(std::string_view value) {
        varint(value.size());
        if (!value.empty()) std::memcpy(at_, value.data(), value.size());
        at_ += value.size();
    }

    void rewind(char* to) { at_ = to; }

  private:
    template <typename Integer>
    void fixed(Integer value) {
        static_assert(std::endian::native == std::endian::little, "the journal's form is little-endian");
        std::memcpy(at_, &value, sizeof value);
        at_ += sizeof value;
    }

    char* at_;
};

struct PayloadWriter {
    Writer& out;
    std::int64_t timestamp_us;

    void operator()(const NoPayload&) const {}
    void operator()(const DisconnectPayload& p) const {
        out.text(p.closed_by);
        out.text(p.reason);
    }
    void operator()(const DataPayload& p) const {
        std::size_t values = 0;
        for (const Report& report : p.reports) values += report.values.size();
        out.varint(p.reports.size());
        out.varint(values);
        for (const Report& report : p.reports) {
            out.distance(timestamp_us, report.timestamp_us);
            out.varint(report.values.size());
            for (const NamedValue& value : report.values) {
                out.byte(static_cast<unsigned>(value.kind));
                out.text(value.alias);
                out.text(value.text);
            }
        }
    }
    void operator()(const PublishPayload& p) const {
        out.text(p.topic);
        out.varint(p.payload.size());  // and tail_of()
    }
    void operator()(const ContentPayload& p) const {
        out.text(p.id);
        out.varint(p.length);
        out.text(p.mime);
    }
    void operator()(const FindingPayload& p) const {
        out.text(p.code);
        out.byte(static_cast<unsigned>(p.severity));
        out.text(p.message);
        out.text(p.hint);
        out.text(p.packet_type);
        out.varint(p.packet_id ? *p.packet_id + 1U : 0U);
        out.text(p.topic);
        if (!p.claimed_identity.empty()) out.text(p.claimed_identity);
    }
    void operator()(const PacketPayload& p) const {
        out.byte(p.outgoing ? 1 : 0);
        out.varint(p.raw.size());  // and tail_of()
    }
    void operator()(const FaultPayload& p) const {
        out.text(p.name);
        out.text(p.kind);
        out.varint(p.hit);
        out.text(p.packet);
        out.text(p.topic);
        out.text(p.detail);
        out.text(p.claimed_identity);
    }
    void operator()(const VerdictPayload& p) const {
        for (const auto text : {p.run, p.what, p.check, p.hook, p.outcome, p.message}) out.text(text);
    }
};

void write_subject(Writer& out, const Event& event) {
    out.text(event.connector);
    out.text(event.identity);
    out.text(event.connection_id);
    out.text(event.ip);
}

// Ids are random letters and digits; eight of them tell connections apart well enough for a slot.
std::size_t slot_of(std::string_view connection_id, std::size_t slots) {
    std::uint64_t word = 0;
    // An empty view may hold a null pointer, which memcpy must not be given.
    if (!connection_id.empty()) std::memcpy(&word, connection_id.data(), std::min(connection_id.size(), sizeof word));
    constexpr std::uint64_t spread = 0x9E3779B97F4A7C15U;
    return static_cast<std::size_t>((word * spread) >> 32U) % slots;
}

}  // namespace

void EventWriter::append(std::string& block, std::int64_t cursor, const Event& event) {
    const std::size_t bound = fixed_part + text_bound(event.connector) + text_bound(event.identity) +
                              text_bound(event.connection_id) + text_bound(event.ip) +
                              std::visit(PayloadBound{}, event.payload);
    const auto tail = tail_of(event.payload);
    if (bound + tail.size() > std::numeric_limits<std::uint32_t>::max()) {
        throw std::length_error("journal event too large");
    }
    const std::size_t start = block.size();
    if (start + bound + tail.size() > block.capacity()) block.reserve(start + bound + tail.size());
    block.resize(start + bound);
    Writer out(block.data() + start + 4);
    out.byte(static_cast<unsigned>(event.type) | static_cast<unsigned>(event.payload.index() << 4U));
    char* const protocol = out.at();
    out.byte(static_cast<unsigned>(event.protocol));
    out.varint(static_cast<std::uint64_t>(cursor));
    out.i64(event.timestamp_us);
    out.distance(event.timestamp_us, event.real_timestamp_us);

    char* const subject = out.at();
    write_subject(out, event);
    const auto at = static_cast<std::size_t>(subject - block.data());
    const auto size = static_cast<std::size_t>(out.at() - subject);
    auto& known = subjects_.at(slot_of(event.connection_id, subjects_.size()));
    if (known.size == size && std::memcmp(block.data() + known.at, subject, size) == 0) {
        out.rewind(subject);
        out.varint(at - known.at);
        *protocol = static_cast<char>(static_cast<unsigned>(event.protocol) | subject_elsewhere);
    } else {
        known = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size)};
    }

    std::visit(PayloadWriter{out, event.timestamp_us}, event.payload);
    const auto end = static_cast<std::size_t>(out.at() - block.data());
    Writer(block.data() + start).u32(static_cast<std::uint32_t>(end - start - 4 + tail.size()));
    block.resize(end);
    block.append(tail);
}

}  // namespace journal
