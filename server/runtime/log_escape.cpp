#include "server/runtime/log_escape.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <rapidjson/encodings.h>
#include <rapidjson/memorystream.h>

namespace runtime {
namespace {

enum class Dialect { text, json };

struct Character {
    std::size_t length = 1;
    unsigned code_point = 0;
    bool valid = false;
};

Character first_character(std::string_view bytes) {
    const auto lead = static_cast<unsigned char>(bytes.front());
    if (lead < 0x80) return {1, lead, true};
    rapidjson::MemoryStream stream(bytes.data(), bytes.size());
    unsigned code_point = 0;
    if (!rapidjson::UTF8<>::Decode(stream, &code_point)) return {1, lead, false};
    return {stream.Tell(), code_point, true};
}

bool is_control(unsigned c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

// Line and paragraph separators, and what changes the direction of text, so that a line reads as it was written.
bool is_reordering(unsigned c) {
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xFEFF;
}

void append_hex(std::string& out, unsigned value, std::ptrdiff_t digits) {
    std::array<char, 8> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, 16).ptr;
    const std::ptrdiff_t missing = digits - (end - text.data());
    if (missing > 0) out.append(static_cast<std::size_t>(missing), '0');
    out.append(text.data(), end);
}

void append_short_escape(std::string& out, unsigned c) {
    out.push_back('\\');
    out.push_back(c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : static_cast<char>(c));
}

void append_code_point(std::string& out, unsigned c, Dialect dialect) {
    if (dialect == Dialect::json) {
        out.append("\\u");
        append_hex(out, c, 4);  // everything escaped here lies in the basic plane
        return;
    }
    out.append("\\u{");
    append_hex(out, c, 1);
    out.push_back('}');
}

void append_character(std::string& out, std::string_view bytes, const Character& c, Dialect dialect) {
    if (!c.valid) {
        out.append(dialect == Dialect::json ? "\\\\x" : "\\x");
        append_hex(out, c.code_point, 2);
    } else if (c.code_point == '"' || c.code_point == '\\' || c.code_point == '\n' || c.code_point == '\r' ||
               c.code_point == '\t') {
        append_short_escape(out, c.code_point);
    } else if (is_control(c.code_point) || is_reordering(c.code_point)) {
        append_code_point(out, c.code_point, dialect);
    } else {
        out.append(bytes.substr(0, c.length));
    }
}

void append_escaped(std::string& out, std::string_view value, Dialect dialect) {
    std::size_t shown = 0;
    while (shown < value.size() && shown < max_logged_bytes) {
        const std::string_view rest = value.substr(shown);
        const Character c = first_character(rest);
        append_character(out, rest, c, dialect);
        shown += c.length;
    }
    if (shown < value.size()) out.append("... ").append(std::to_string(value.size() - shown)).append(" bytes more");
}

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._-:/+#$@,[]()*%~!?&;<>|^{}").find(c) != std::string_view::npos;
}

}  // namespace

void append_text_value(std::string& out, std::string_view value) {
    if (!value.empty() && value.size() <= max_logged_bytes && std::all_of(value.begin(), value.end(), is_plain)) {
        out.append(value);
        return;
    }
    out.push_back('"');
    append_escaped(out, value, Dialect::text);
    out.push_back('"');
}

void append_text_message(std::string& out, std::string_view message) {
    append_escaped(out, message, Dialect::text);
}

void append_json_string(std::string& out, std::string_view value) {
    out.push_back('"');
    append_escaped(out, value, Dialect::json);
    out.push_back('"');
}

}  // namespace runtime
