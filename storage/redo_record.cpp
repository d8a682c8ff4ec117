#include "storage/redo_record.h"

#include <array>
#include <cstddef>

namespace storage {
namespace {

constexpr std::size_t head_bytes = 4 + 8 + 8;  // length of what follows the head, checksum, sequence
constexpr std::size_t sequence_at = 12;        // the checksum counts from here on

template <typename Number>
void append_number(std::string& to, Number number) {
    std::array<char, sizeof number> bytes{};
    auto rest = static_cast<std::uint64_t>(number);
    for (char& byte : bytes) {
        byte = static_cast<char>(rest & 0xFFU);
        rest >>= 8U;
    }
    to.append(bytes.data(), bytes.size());
}

void append_text(std::string& to, std::string_view text) {
    append_number(to, static_cast<std::uint32_t>(text.size()));
    to.append(text);
}

void append_optional(std::string& to, const std::optional<std::string>& text) {
    append_number(to, std::uint8_t{text.has_value()});
    if (text) append_text(to, *text);
}

// Each function returns what stands at the front, or a zero where it ends too early: ask failed() at the end.
class Taker {
  public:
    explicit Taker(std::string_view bytes) : rest_(bytes) {}

    template <typename Number>
    Number number() {
        if (rest_.size() < sizeof(Number)) return fail<Number>();
        std::uint64_t value = 0;
        for (std::size_t byte = sizeof(Number); byte-- > 0;)
            value = value << 8U | static_cast<unsigned char>(rest_[byte]);
        rest_.remove_prefix(sizeof(Number));
        return static_cast<Number>(value);
    }
    std::string text() {
        const auto size = number<std::uint32_t>();
        if (rest_.size() < size) return fail<std::string>();
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }
    std::optional<std::string> optional() {
        if (number<std::uint8_t>() == 0) return std::nullopt;
        return text();
    }
    // How many items follow, of which each takes a byte at least.
    std::size_t count() {
        const auto count = number<std::uint32_t>();
        return count <= rest_.size() ? count : fail<std::size_t>();
    }
    bool failed() const { return failed_; }
    bool at_end() const { return rest_.empty(); }

  private:
    template <typename Value>
    Value fail() {
        failed_ = true;
        rest_ = {};
        return Value{};
    }

    std::string_view rest_;
    bool failed_ = false;
};

void append_value(std::string& to, const ValueWrite& write) {
    append_number(to, write.device_id);
    append_text(to, write.row.alias);
    append_optional(to, write.row.reported);
    append_optional(to, write.row.set);
    append_number(to, write.row.timestamp_us);
    append_number(to, write.row.newest_report_us);
    append_number(to, write.row.set_timestamp_us);
    append_number(to, std::uint8_t{write.row.unacknowledged});
}

ValueWrite take_value(Taker& from) {
    ValueWrite write;
    write.device_id = from.number<std::int64_t>();
    write.row.alias = from.text();
    write.row.reported = from.optional();
    write.row.set = from.optional();
    write.row.timestamp_us = from.number<std::int64_t>();
    write.row.newest_report_us = from.number<std::int64_t>();
    write.row.set_timestamp_us = from.number<std::int64_t>();
    write.row.unacknowledged = from.number<std::uint8_t>() != 0;
    return write;
}

void append_block(std::string& to, const JournalBlock& block, const std::optional<BlockReference>& reference) {
    append_number(to, block.first_cursor);
    append_number(to, block.last_cursor);
    append_number(to, block.first_timestamp_us);
    append_number(to, block.last_timestamp_us);
    append_number(to, block.events);
    if (reference) {
        append_text(to, encode_reference(*reference));
    } else {
        append_text(to, block.bytes);
    }
}

UnsettledBlock take_block(Taker& from) {
    UnsettledBlock taken;
    JournalBlock& block = taken.block;
    block.first_cursor = from.number<std::int64_t>();
    block.last_cursor = from.number<std::int64_t>();
    block.first_timestamp_us = from.number<std::int64_t>();
    block.last_timestamp_us = from.number<std::int64_t>();
    block.events = from.number<std::uint32_t>();
    block.bytes = from.text();
    taken.reference = decode_reference(block.bytes);
    if (taken.reference) block.bytes.clear();
    return taken;
}

std::optional<RedoRecord> take_body(std::uint64_t sequence, std::string_view body) {
    Taker from(body);
    RedoRecord record;
    record.sequence = sequence;
    for (auto left = from.count(); left > 0 && !from.failed(); --left) record.values.push_back(take_value(from));
    for (auto left = from.count(); left > 0 && !from.failed(); --left) record.journal.push_back(take_block(from));
    if (from.failed() || !from.at_end()) return std::nullopt;
    return record;
}

}  // namespace

void encode_record(std::string& to, std::uint64_t sequence, const Submission& submission,
                   const std::vector<std::optional<BlockReference>>& references) {
    const auto begin = to.size();
    to.append(sequence_at, '\0');
    append_number(to, sequence);
    append_number(to, static_cast<std::uint32_t>(submission.values.size()));
    for (const auto& write : submission.values) append_value(to, write);
    append_number(to, static_cast<std::uint32_t>(submission.journal.size()));
    for (std::size_t at = 0; at < submission.journal.size(); ++at)
        append_block(to, submission.journal[at], references[at]);
    std::string head;
    append_number(head, static_cast<std::uint32_t>(to.size() - begin - head_bytes));
    append_number(head, block_checksum(std::string_view(to).substr(begin + sequence_at)));
    to.replace(begin, head.size(), head);
}

std::optional<RedoRecord> take_record(std::string_view& from) {
    if (from.size() < head_bytes) return std::nullopt;
    Taker head(from.substr(0, head_bytes));
    const auto size = head.number<std::uint32_t>();
    const auto checksum = head.number<std::uint64_t>();
    const auto sequence = head.number<std::uint64_t>();
    if (from.size() - head_bytes < size) return std::nullopt;
    if (block_checksum(from.substr(sequence_at, head_bytes - sequence_at + size)) != checksum) return std::nullopt;
    auto record = take_body(sequence, from.substr(head_bytes, size));
    if (record) from.remove_prefix(head_bytes + size);
    return record;
}

}  // namespace storage
