#include "server/journal/event_codec.h"
#include "server/journal/event_names.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace journal {
namespace {

constexpr unsigned subject_elsewhere = 0x80;  // in the byte of the protocol

// Its payload ends with the one text that may be long.
bool may_be_cut(unsigned payload_kind) {
    constexpr unsigned publish = 3;
    constexpr unsigned packet = 6;
    return payload_kind == publish || payload_kind == packet;
}

}  // namespace

// Reads that know their end. The first one that fails makes all that follow fail and give zeros.
class EventReader::Bytes {
  public:
    // `missing`: so much is not there of the last text.
    explicit Bytes(std::string_view bytes, std::uint64_t missing = 0) : rest_(bytes), missing_(missing) {}

    bool ok() const { return ok_; }
    bool at_end() const { return ok_ && rest_.empty(); }
    void fail() {
        ok_ = false;
        rest_ = {};
    }

    unsigned byte() {
        if (rest_.empty()) {
            fail();
            return 0;
        }
        const auto value = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }

    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            const unsigned next = byte();
            // The tenth byte has room for one bit.
            if (!ok_ || (shift == 63 && next > 1)) break;
            value |= static_cast<std::uint64_t>(next & 0x7FU) << shift;
            if (next < 0x80) return value;
        }
        fail();
        return 0;
    }

    std::int64_t i64() {
        std::uint64_t bits = 0;
        for (unsigned shift = 0; shift < 64; shift += 8) bits |= static_cast<std::uint64_t>(byte()) << shift;
        return static_cast<std::int64_t>(bits);
    }

    std::int64_t at_distance(std::int64_t from) {
        const std::uint64_t zigzag = varint();
        const std::uint64_t distance = (zigzag >> 1U) ^ (~(zigzag & 1U) + 1U);
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) + distance);
    }

    std::string_view text() {
        std::uint64_t size = varint();
        if (missing_ > 0 && size > missing_ && size - missing_ == rest_.size()) {
            size -= std::exchange(missing_, 0);
        }
        if (size > rest_.size()) fail();
        const std::string_view taken = rest_.substr(0, ok_ ? static_cast<std::size_t>(size) : 0);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    const char* at() const { return rest_.data(); }

    template <typename Enum>
    Enum one_of(Enum last) {
        return as(byte(), last);
    }

    template <typename Enum>
    Enum as(unsigned value, Enum last) {
        if (value == 0 || value > static_cast<unsigned>(last)) fail();
        return ok_ ? static_cast<Enum>(value) : last;
    }

    // A number of things of which each takes at least `least` bytes: more than can follow is damage, not an allocation.
    std::size_t count(std::size_t least) {
        const std::uint64_t value = varint();
        if (value > rest_.size() / least) fail();
        return ok_ ? static_cast<std::size_t>(value) : 0;
    }

  private:
    std::string_view rest_;
    std::uint64_t missing_;
    bool ok_ = true;
};

DataPayload EventReader::reports(Bytes& in, std::int64_t timestamp_us) {
    reports_.resize(in.count(2));
    values_.resize(in.count(3));
    std::size_t used = 0;
    for (Report& report : reports_) {
        report.timestamp_us = in.at_distance(timestamp_us);
        const std::uint64_t count = in.varint();
        if (!in.ok() || count > values_.size() - used) {
            in.fail();
            return {};
        }
        const std::span<NamedValue> mine(values_.data() + used, static_cast<std::size_t>(count));
        for (NamedValue& value : mine) {
            value.kind = in.one_of(ValueKind::boolean);
            value.alias = in.text();
            value.text = in.text();
        }
        report.values = mine;
        used += mine.size();
    }
    if (used != values_.size()) in.fail();
    return {reports_};
}

namespace {

std::optional<std::uint16_t> packet_id_of(std::uint64_t stored) {
    if (stored == 0) return std::nullopt;
    return static_cast<std::uint16_t>(stored - 1);
}

template <typename Bytes>
FindingPayload read_finding(Bytes& in) {
    FindingPayload finding;
    finding.code = in.text();
    finding.severity = in.one_of(Severity::violation);
    finding.message = in.text();
    finding.hint = in.text();
    finding.packet_type = in.text();
    const std::uint64_t packet_id = in.varint();
    if (packet_id > std::numeric_limits<std::uint16_t>::max() + 1U) in.fail();
    finding.packet_id = packet_id_of(packet_id);
    finding.topic = in.text();
    if (in.ok() && !in.at_end()) finding.claimed_identity = in.text();
    return finding;
}

template <typename Bytes>
ContentPayload read_content(Bytes& in) {
    ContentPayload content;
    content.id = in.text();
    content.length = in.varint();
    content.mime = in.text();
    return content;
}

template <typename Bytes>
FaultPayload read_fault(Bytes& in) {
    FaultPayload fault;
    fault.name = in.text();
    fault.kind = in.text();
    fault.hit = in.varint();
    fault.packet = in.text();
    fault.topic = in.text();
    fault.detail = in.text();
    fault.claimed_identity = in.text();
    return fault;
}

template <typename Bytes>
VerdictPayload read_verdict(Bytes& in) {
    VerdictPayload verdict;
    for (auto* text : {&verdict.run, &verdict.what, &verdict.check, &verdict.hook, &verdict.outcome, &verdict.message})
        *text = in.text();
    return verdict;
}

template <typename First, typename Bytes>
First read_two_texts(Bytes& in) {
    const std::string_view one = in.text();
    return {one, in.text()};
}

}  // namespace

std::optional<Payload> EventReader::payload(Bytes& in, unsigned kind, std::int64_t timestamp_us) {
    switch (kind) {
        case 0:
            return NoPayload{};
        case 1:
            return read_two_texts<DisconnectPayload>(in);
        case 2:
            return reports(in, timestamp_us);
        case 3:
            return read_two_texts<PublishPayload>(in);
        case 4:
            return read_content(in);
        case 5:
            return read_finding(in);
        case 6: {
            const unsigned direction = in.byte();
            if (direction > 1) in.fail();
            return PacketPayload{direction == 1, in.text()};
        }
        case 7:
            return read_fault(in);
        case 8:
            return read_verdict(in);
        default:
            return std::nullopt;
    }
}

void EventReader::subject(Bytes& in, Event& event, bool referred) {
    const auto read = [&event](Bytes& from) {
        event.connector = from.text();
        event.identity = from.text();
        event.connection_id = from.text();
        event.ip = from.text();
    };
    if (!referred) {
        read(in);
        return;
    }
    const auto here = static_cast<std::size_t>(in.ok() ? in.at() - block_.data() : 0);
    const std::uint64_t back = in.varint();
    if (!in.ok() || back == 0 || back > here) {
        in.fail();
        return;
    }
    Bytes earlier(block_.substr(here - static_cast<std::size_t>(back), static_cast<std::size_t>(back)));
    read(earlier);
    if (!earlier.ok()) in.fail();
}

std::optional<Recorded> EventReader::next() {
    if (rest_.empty() || damaged_) return std::nullopt;
    damaged_ = true;  // until the record proves sound
    if (rest_.size() < 4) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 4; ++i)
        length |= static_cast<std::size_t>(static_cast<unsigned char>(rest_[i])) << (8 * i);
    const std::size_t there = std::min(length, rest_.size() - 4);
    Recorded recorded;
    recorded.missing = length - there;
    if (recorded.missing > 0 && recorded.missing != cut_) return std::nullopt;

    Bytes in(rest_.substr(4, there), recorded.missing);
    const unsigned head = in.byte();
    const unsigned type = head & 0x0FU;
    if (recorded.missing > 0 && !may_be_cut(head >> 4U)) return std::nullopt;
    if (type == 0 || type > last_type_index) return std::nullopt;
    recorded.event.type = static_cast<EventType>(type);
    const unsigned protocol = in.byte();
    recorded.event.protocol = in.as(protocol & ~subject_elsewhere, Protocol::control);
    recorded.cursor = static_cast<std::int64_t>(in.varint());
    recorded.event.timestamp_us = in.i64();
    recorded.event.real_timestamp_us = in.at_distance(recorded.event.timestamp_us);
    subject(in, recorded.event, (protocol & subject_elsewhere) != 0);
    const std::optional<Payload> body = payload(in, head >> 4U, recorded.event.timestamp_us);
    if (!body || !in.at_end()) return std::nullopt;
    recorded.event.payload = *body;
    rest_.remove_prefix(4 + there);
    damaged_ = false;
    return recorded;
}

}  // namespace journal
