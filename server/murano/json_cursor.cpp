#include "server/murano/json_cursor.h"

#include "server/murano/utf8.h"

#include <algorithm>
#include <bitset>
#include <cassert>
#include <cstdint>
#include <cstring>

namespace murano {
namespace {

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
// How many bytes at the beginning are ASCII that stands in a string as it is; a multiple of eight, looked at eight at
// once: a value may have hundreds of megabytes.
std::size_t plain_ascii(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101;
    constexpr std::uint64_t tops = 0x8080808080808080;
    const auto zero_byte = [](std::uint64_t word) { return (word - ones) & ~word & tops; };
    std::size_t at = 0;
    for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + at, sizeof word);
        const auto controls = (word - ones * 0x20) & ~word & tops;
        if (((word & tops) | controls | zero_byte(word ^ (ones * '"')) | zero_byte(word ^ (ones * '\\'))) != 0) break;
    }
    return at;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

void append_utf8(std::string& out, unsigned code) {
    const auto put = [&out](unsigned byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0U | (code >> 6U));
        put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        put(0xE0U | (code >> 12U));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    } else {
        put(0xF0U | (code >> 18U));
        put(0x80U | ((code >> 12U) & 0x3FU));
        put(0x80U | ((code >> 6U) & 0x3FU));
        put(0x80U | (code & 0x3FU));
    }
}

}  // namespace

bool JsonCursor::fail(const JsonFault& fault) {
    if (!failed_) fault_ = fault;
    failed_ = true;
    return false;
}

bool JsonCursor::count_value() {
    if (values_left_ == 0) {
        too_many_ = !failed_;
        return fail({at_, "R40.too_many_values", "more values than are allowed"});
    }
    --values_left_;
    return true;
}

char JsonCursor::peek() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
}

bool JsonCursor::take(char c) {
    if (peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
}

bool JsonCursor::finish() {
    peek();
    return at_ == text_.size() || fail(not_the_end(text_, at_));
}

bool JsonCursor::more(char closer) {
    if (take(',')) return true;
    if (take(closer)) return false;
    if (at_ == text_.size()) return fail(ends_too_early(text_));
    if (text_[at_] == '\0') return fail(no_value(text_, at_));
    return fail({at_, "R40.json_missing_comma", closer == '}' ? "a comma or } is missing" : "a comma or ] is missing"});
}

bool JsonCursor::read_key(std::string_view& out) {
    if (peek() != '"') return fail(at_ == text_.size() ? ends_too_early(text_) : no_key(text_, at_));
    if (!read_string(out)) return false;
    return take(':') || fail({at_, "R40.json_malformed", "the colon after a key is missing"});
}

bool JsonCursor::read_value(RawJson& out) {
    const char c = peek();
    if (at_ == text_.size()) return fail(ends_too_early(text_));
    if (!count_value()) return false;
    if (c == '"') {
        out.kind = JsonKind::string;
        return read_string(out.text);
    }
    if (c == '{' || c == '[') {
        const std::size_t start = at_;
        if (!skip_nested()) return false;
        out = {c == '{' ? JsonKind::object : JsonKind::array, text_.substr(start, at_ - start)};
        return true;
    }
    if (c == '-' || is_digit(c)) {
        out.kind = JsonKind::number;
        return read_number(out.text);
    }
    return read_word(out);
}

bool JsonCursor::read_word(RawJson& out) {
    struct Word {
        std::string_view text;
        JsonKind kind;
    };
    constexpr Word kWords[] = {{"true", JsonKind::boolean}, {"false", JsonKind::boolean}, {"null", JsonKind::null}};
    for (const Word& word : kWords) {
        if (text_.substr(at_, word.text.size()) != word.text) continue;
        out = {word.kind, text_.substr(at_, word.text.size())};
        at_ += word.text.size();
        return true;
    }
    return fail(no_value(text_, at_));
}

bool JsonCursor::read_number(std::string_view& out) {
    const std::size_t start = at_;
    const auto digits = [this] {
        const std::size_t first = at_;
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        return at_ > first;
    };
    const auto next_is = [this](char a, char b) { return at_ < text_.size() && (text_[at_] == a || text_[at_] == b); };
    if (text_[at_] == '-') ++at_;
    if (next_is('0', '0')) {
        ++at_;
        if (at_ < text_.size() && is_digit(text_[at_]))
            return fail({start, "R40.json_leading_zero", "a number with a leading zero", "Leave out leading zeros."});
    } else if (!digits()) {
        const JsonFault fault = no_value(text_, start);
        return fail(fault.hint.empty() ? JsonFault{start, "R40.json_malformed", "a minus sign without a number"}
                                       : fault);
    }
    if (next_is('.', '.')) {
        ++at_;
        if (!digits())
            return fail({at_, "R40.json_bare_point", "a digit after the decimal point is missing",
                         "Write a digit after the point, as in 5.0."});
    }
    if (next_is('e', 'E')) {
        ++at_;
        if (next_is('+', '-')) ++at_;
        if (!digits()) return fail({at_, "R40.json_malformed", "the digits of an exponent are missing"});
    }
    out = text_.substr(start, at_ - start);
    return true;
}

// First offset at or after `at` where a string needs a closer look: quote, backslash, control character, or fault.
std::size_t JsonCursor::plain_run(std::size_t at) {
    while (at < text_.size()) {
        at += plain_ascii(text_.substr(at));
        // Where the next word has something else in it, byte by byte.
        for (const auto end = std::min(at + sizeof(std::uint64_t), text_.size()); at < end;) {
            const auto byte = static_cast<unsigned char>(text_[at]);
            if (byte == '"' || byte == '\\' || byte < 0x20) return at;
            const std::size_t length = byte < 0x80 ? 1 : utf8_sequence(text_, at);
            if (length == 0) {
                fail({at, "R40.json_not_utf8", "bytes that are not UTF-8",
                      "Send text in UTF-8; encode binary data, as base64 for example."});
                return at;
            }
            at += length;
        }
    }
    return at;
}

bool JsonCursor::read_string(std::string_view& out) {
    const std::size_t start = ++at_;  // behind the quote
    at_ = plain_run(start);
    if (failed_) return false;
    if (at_ < text_.size() && text_[at_] == '"') {
        out = text_.substr(start, at_ - start);
        ++at_;
        return true;
    }
    return decode_string(start, out);
}

bool JsonCursor::decode_string(std::size_t start, std::string_view& out) {
    if (!at_escape(start)) return false;
    const std::size_t arena_start = arena_->size();
    assert(arena_->capacity() - arena_start >= text_.size() - start);
    arena_->append(text_.substr(start, at_ - start));
    while (true) {
        if (!decode_escape()) return false;
        const std::size_t end = plain_run(at_);
        if (failed_) return false;
        arena_->append(text_.substr(at_, end - at_));
        at_ = end;
        if (at_ < text_.size() && text_[at_] == '"') break;
        if (!at_escape(start)) return false;
    }
    ++at_;
    out = std::string_view(*arena_).substr(arena_start);
    return true;
}

// A string whose plain run ended without a quote goes on with a backslash, or is at fault.
bool JsonCursor::at_escape(std::size_t start) {
    if (at_ == text_.size())
        return fail(
            {start - 1, "R40.json_cut_short", "a string that starts here is not closed", ends_too_early(text_).hint});
    if (text_[at_] == '\0') return fail(no_value(text_, at_));
    return text_[at_] == '\\' || fail({at_, "R40.json_control_character",
                                       "a control character in a string; write it as an escape such as \\n"});
}

bool JsonCursor::decode_escape() {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t backslash = at_++;
    if (at_ == text_.size())
        return fail({backslash, "R40.json_cut_short", "the payload ends too early", ends_too_early(text_).hint});
    if (text_[at_] == 'u') {
        ++at_;
        return decode_unicode();
    }
    const std::size_t name = kNames.find(text_[at_]);
    if (name == std::string_view::npos)
        return fail({backslash, "R40.json_escape", "an escape that JSON does not have"});
    *arena_ += kMeanings[name];
    ++at_;
    return true;
}

bool JsonCursor::decode_unicode() {
    const std::size_t start = at_ - 2;
    unsigned code = 0;
    if (!read_hex(code)) return fail({start, "R40.json_escape", "\\u needs four hexadecimal digits"});
    if (code >= 0xDC00 && code < 0xE000) return fail({start, "R40.json_surrogate", "half of a surrogate pair"});
    if (code >= 0xD800 && code < 0xDC00) {
        unsigned low = 0;
        if (text_.substr(at_, 2) != "\\u") return fail({start, "R40.json_surrogate", "half of a surrogate pair"});
        at_ += 2;
        if (!read_hex(low) || low < 0xDC00 || low > 0xDFFF)
            return fail({start, "R40.json_surrogate", "half of a surrogate pair"});
        code = 0x10000U + ((code - 0xD800U) << 10U) + (low - 0xDC00U);
    }
    append_utf8(*arena_, code);
    return true;
}

bool JsonCursor::read_hex(unsigned& out) {
    if (text_.size() - at_ < 4) return false;
    for (const std::size_t end = at_ + 4; at_ < end; ++at_) {
        const char c = text_[at_];
        unsigned digit = 0;
        if (is_digit(c))
            digit = static_cast<unsigned>(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = static_cast<unsigned>(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F')
            digit = static_cast<unsigned>(c - 'A') + 10;
        else
            return false;
        out = out * 16 + digit;
    }
    return true;
}

// Past { or [, and past the closer too where nothing is inside.
bool JsonCursor::open_nested(char opener, bool& empty) {
    ++at_;
    empty = take(opener == '{' ? '}' : ']');
    std::string_view key;
    return empty || opener == '[' || read_key(key);
}

bool JsonCursor::skip_nested() {
    std::bitset<kDeepest> is_object;
    std::size_t depth = 0;
    do {
        const char c = peek();
        if (c == '{' || c == '[') {
            if (depth > 0 && !count_value()) return false;  // the outermost was counted by read_value()
            if (depth == kDeepest) return fail({at_, "R40.json_too_deep", "nested too deeply"});
            bool empty = false;
            if (!open_nested(c, empty)) return false;
            if (!empty) {
                is_object[depth++] = c == '{';
                continue;
            }
        } else {
            RawJson scalar;
            if (!read_value(scalar)) return false;
        }
        // A value has ended: so may the containers around it.
        while (depth > 0 && !more(is_object[depth - 1] ? '}' : ']')) {
            if (failed_) return false;
            --depth;
        }
        std::string_view key;
        if (depth > 0 && is_object[depth - 1] && !read_key(key)) return false;
    } while (depth > 0);
    return true;
}

}  // namespace murano
