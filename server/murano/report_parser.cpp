#include "server/murano/report_parser.h"

#include "server/murano/json_cursor.h"
#include "server/murano/quote.h"
#include "server/murano/timestamps.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

namespace murano {
namespace {

// A rare huge message must not be paid for until the server stops.
constexpr std::size_t kKeptBytes = 1'048'576;

template <typename Container>
void reuse(Container& container) {
    if (container.capacity() * sizeof(typename Container::value_type) > kKeptBytes) Container().swap(container);
    container.clear();
}

// The same key twice, by decoded name; sorted beyond a few, so that hostile keys cost no more than n log n.
std::optional<std::string_view> find_duplicate(std::vector<std::string_view>& names) {
    constexpr std::size_t kFew = 8;
    if (names.size() <= kFew) {
        for (std::size_t i = 1; i < names.size(); ++i) {
            const auto before = names.begin() + static_cast<std::ptrdiff_t>(i);
            if (std::find(names.begin(), before, names[i]) != before) return names[i];
        }
        return std::nullopt;
    }
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    return twice == names.end() ? std::nullopt : std::optional(*twice);
}

}  // namespace

void ReportBuffer::begin(std::string_view payload) {
    reuse(arena_);
    reuse(entries_);
    reuse(values_);
    reuse(names_);
    reuse(keys_);
    // Views into the arena must stay good, so it never grows while parsing: decoded text is no longer than its source.
    if (payload.find('\\') != std::string_view::npos) arena_.reserve(payload.size());
}

class ReportParser {
  public:
    ReportParser(std::string_view payload, ReportBuffer& out)
        : payload_(payload), out_(begun(payload, out)), json_(payload, out.arena_, out.limits_.values) {}

    ReportOutcome many(std::int64_t received_us) {
        topic_ = "$resource/";
        if (check_start('{')) read_values(received_us);
        if (!failed()) json_.finish();
        if (!failed() && out_.values_.empty()) out_.entries_.clear();
        return outcome();
    }

    ReportOutcome batch(std::int64_t received_us) {
        topic_ = "$resource.batch";
        received_us_ = received_us;
        if (check_start('[')) read_entries();
        if (!failed()) json_.finish();
        return outcome();
    }

  private:
    static ReportBuffer& begun(std::string_view payload, ReportBuffer& out) {
        out.begin(payload);
        return out;
    }

    bool failed() const { return json_.failed() || refused_.has_value(); }

    // Wrong shape, as against malformed JSON.
    bool refuse(std::string_view code, std::size_t offset, const std::string& what, std::string hint) {
        refused_ = Finding{code, journal::Severity::violation,
                           "The whole message to " + std::string(topic_) + " was dropped: " + what + ", at byte " +
                               std::to_string(offset) + ".",
                           std::move(hint)};
        return false;
    }

    static std::string smaller_hint() {
        return "Send several smaller messages, or raise the limit: while a large one is read, all other devices wait.";
    }

    bool refuse_too_long() {
        return refuse("R40.message_too_large", out_.limits_.bytes,
                      "it has " + std::to_string(payload_.size()) + " bytes, and limits.max_report_bytes allows " +
                          std::to_string(out_.limits_.bytes),
                      smaller_hint());
    }

    bool refuse_too_many() {
        return refuse("R40.too_many_values", json_.fault().offset,
                      "it has more than " + std::to_string(out_.limits_.values) +
                          " entries and values, which is what limits.max_report_values allows",
                      smaller_hint());
    }

    bool check_start(char wanted) {
        if (payload_.size() > out_.limits_.bytes) return refuse_too_long();
        const char c = json_.peek();
        const std::size_t at = json_.offset();
        if (at == payload_.size()) return refuse("R40.empty_message", at, "its payload is empty", shape_hint());
        if (c == wanted) return true;
        if (c == '{')
            return refuse("R40.object_for_array", at, "its payload is an object",
                          "Wrap the entry in an array: [{...}]. " + shape_hint());
        if (c == '[')
            return refuse("R40.array_for_object", at, "its payload is an array",
                          "Entries with timestamps go to $resource.batch. " + shape_hint());
        if (payload_.substr(0, 3) == "\xEF\xBB\xBF")
            return refuse("R40.byte_order_mark", 0, "it begins with a byte order mark", "Send plain UTF-8.");
        return refuse(wanted == '{' ? "R40.not_an_object" : "R40.not_an_array", at,
                      wanted == '{' ? "its payload is not a JSON object" : "its payload is not a JSON array",
                      shape_hint());
    }

    std::string shape_hint() const {
        if (topic_ == "$resource/") return "Send an object of alias and value: {\"data_in\":\"...\"}.";
        return "Send an array of entries: [{\"timestamp\":<microseconds>,\"values\":{\"data_in\":\"...\"}}].";
    }

    // {alias: value, ...} at the cursor, as one entry.
    bool read_values(std::int64_t timestamp_us) {
        const std::size_t first = out_.values_.size();
        const std::size_t start = json_.offset();
        json_.take('{');
        if (!json_.take('}')) {
            do {
                ReportValue& value = out_.values_.emplace_back();
                if (!json_.read_key(value.alias) || !json_.read_value(value.value)) return false;
            } while (json_.more('}'));
            if (failed()) return false;
        }
        const std::size_t count = out_.values_.size() - first;
        out_.entries_.push_back({timestamp_us, first, count});
        return check_aliases(first, start);
    }

    bool check_aliases(std::size_t first, std::size_t offset) {
        if (out_.values_.size() - first < 2) return true;
        out_.names_.clear();
        for (std::size_t i = first; i < out_.values_.size(); ++i) out_.names_.push_back(out_.values_[i].alias);
        return refuse_duplicate(offset);
    }

    bool refuse_duplicate(std::size_t offset) {
        const auto twice = find_duplicate(out_.names_);
        if (!twice) return true;
        return refuse("R40.duplicate_key", offset, "the key " + quoted(*twice) + " occurs twice in the object",
                      "Send each key once.");
    }

    bool read_entries() {
        json_.take('[');
        if (json_.take(']')) return true;
        do {
            if (!read_entry()) return false;
        } while (json_.more(']'));
        return !failed();
    }

    struct EntryParts {
        bool has_values = false;
        std::optional<std::int64_t> timestamp_us;
        std::size_t entry = 0;
    };

    bool read_entry() {
        const bool object = json_.peek() == '{';
        const std::size_t start = json_.offset();
        if (!object) return read_wrong_entry(start);
        if (!json_.count_value()) return false;
        json_.take('{');
        EntryParts parts;
        out_.keys_.clear();
        if (!json_.take('}')) {
            do {
                if (!read_member(parts)) return false;
            } while (json_.more('}'));
            if (failed()) return false;
        }
        out_.names_.assign(out_.keys_.begin(), out_.keys_.end());
        return refuse_duplicate(start) && finish_entry(parts, start);
    }

    // Says "malformed" where it is, and "wrong shape" otherwise.
    bool read_wrong_entry(std::size_t start) {
        RawJson value;
        return json_.read_value(value) &&
               refuse("R40.entry_not_object", start, "an entry is not an object", shape_hint());
    }

    bool read_member(EntryParts& parts) {
        std::string_view& key = out_.keys_.emplace_back();
        if (!json_.read_key(key)) return false;
        const char c = json_.peek();
        const std::size_t start = json_.offset();
        if (key == "values" && c == '{') {
            parts.has_values = true;
            parts.entry = out_.entries_.size();
            return read_values(0);
        }
        RawJson value;
        if (!json_.read_value(value)) return false;
        if (key == "timestamp") return read_timestamp(value, start, parts.timestamp_us);
        if (key == "values") return refuse("R40.values_not_object", start, "`values` is not an object", shape_hint());
        return true;  // extra keys are ignored [R38]
    }

    bool read_timestamp(const RawJson& value, std::size_t offset, std::optional<std::int64_t>& out) {
        std::int64_t timestamp = 0;
        const char* end = value.text.data() + value.text.size();
        const auto parsed = std::from_chars(value.text.data(), end, timestamp);
        const bool integer = value.kind == JsonKind::number && parsed.ec == std::errc() && parsed.ptr == end;
        if (!integer || value.text.front() == '-') {
            const bool in_quotes = value.kind == JsonKind::string;
            return refuse(in_quotes ? "R40.quoted_timestamp" : "R40.timestamp_not_whole", offset,
                          "the timestamp is not a whole number of microseconds since 1970",
                          in_quotes ? "Write it without quotes." : "Write it as digits alone, as in 1531111131679000.");
        }
        if (!note_) note_ = doubtful_timestamp(timestamp, received_us_);
        out = timestamp;
        return true;
    }

    bool finish_entry(const EntryParts& parts, std::size_t offset) {
        if (!parts.timestamp_us) return refuse("R40.no_timestamp", offset, "an entry has no `timestamp`", shape_hint());
        if (!parts.has_values) return refuse("R40.no_values", offset, "an entry has no `values`", shape_hint());
        out_.entries_[parts.entry].timestamp_us = *parts.timestamp_us;
        return true;
    }

    ReportOutcome outcome() {
        if (json_.too_many() && !refused_) {
            refuse_too_many();
        } else if (json_.failed() && !refused_) {
            const auto& fault = json_.fault();
            refuse(fault.code, fault.offset, "malformed JSON (" + std::string(fault.what) + ")",
                   fault.hint.empty() ? shape_hint() : std::string(fault.hint));
        }
        if (!refused_) return {std::nullopt, std::move(note_)};
        out_.entries_.clear();
        out_.values_.clear();
        return {std::move(refused_), std::nullopt};
    }

    std::string_view payload_;
    std::string_view topic_;
    std::int64_t received_us_ = 0;
    ReportBuffer& out_;
    JsonCursor json_;
    std::optional<Finding> refused_;
    std::optional<Finding> note_;
};

ReportOutcome parse_report_many(std::string_view payload, std::int64_t received_us, ReportBuffer& out) {
    return ReportParser(payload, out).many(received_us);
}

ReportOutcome parse_report_batch(std::string_view payload, std::int64_t received_us, ReportBuffer& out) {
    return ReportParser(payload, out).batch(received_us);
}

}  // namespace murano
