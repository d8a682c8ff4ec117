#include "config/json_fault.h"

#include <algorithm>
#include <array>

namespace config {

namespace {

struct Named {
    std::string_view text;
    std::string_view name;
};

// Quotes that word processors and other languages put in the place of ".
constexpr std::array<Named, 10> foreign_quotes{{{"\xe2\x80\x9c", "\xe2\x80\x9c, a typographic quote"},
                                                {"\xe2\x80\x9d", "\xe2\x80\x9d, a typographic quote"},
                                                {"\xe2\x80\x9e", "\xe2\x80\x9e, a typographic quote"},
                                                {"\xe2\x80\x98", "\xe2\x80\x98, a typographic quote"},
                                                {"\xe2\x80\x99", "\xe2\x80\x99, a typographic quote"},
                                                {"\xe2\x80\x9a", "\xe2\x80\x9a, a typographic quote"},
                                                {"\xc2\xab", "\xc2\xab, a typographic quote"},
                                                {"\xc2\xbb", "\xc2\xbb, a typographic quote"},
                                                {"`", "a backquote"},
                                                {"'", "a single quote"}}};

// Words of other languages where JSON has others.
constexpr std::array<Named, 16> foreign_words{{{"True", "true"},
                                               {"TRUE", "true"},
                                               {"yes", "true"},
                                               {"Yes", "true"},
                                               {"on", "true"},
                                               {"False", "false"},
                                               {"FALSE", "false"},
                                               {"no", "false"},
                                               {"No", "false"},
                                               {"off", "false"},
                                               {"None", "null"},
                                               {"NULL", "null"},
                                               {"nil", "null"},
                                               {"undefined", "null"},
                                               {"NaN", "a number or null"},
                                               {"Infinity", "a number or null"}}};

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

// RapidJSON stops within or behind "nul" and "tru".
std::size_t word_begin(std::string_view text, std::size_t offset) {
    while (offset > 0 && is_word(text[offset - 1])) --offset;
    return offset;
}

std::string_view word_at(std::string_view text, std::size_t begin) {
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end])) ++end;
    return text.substr(begin, end - begin);
}

const Named* named_at(std::string_view text, std::size_t offset) {
    const std::string_view rest = text.substr(offset);
    const auto found = std::find_if(foreign_quotes.begin(), foreign_quotes.end(),
                                    [rest](const Named& quote) { return rest.starts_with(quote.text); });
    return found == foreign_quotes.end() ? nullptr : &*found;
}

std::string hex_byte(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4U], digits[byte & 15U]};
}

// One character, or what it begins.
std::string shown(std::string_view text, std::size_t offset) {
    if (offset >= text.size()) return "the end of the text";
    if (const Named* quote = named_at(text, offset)) return std::string(quote->name);
    if (text.substr(offset).starts_with("\xc2\xa0")) return "a no-break space";
    switch (const char c = text[offset]) {
        case '"':
            return "a text";
        case ',':
            return "a comma";
        case '\n':
        case '\r':
            return "a line break";
        case '\t':
            return "a tab";
        default:
            if (c >= '0' && c <= '9') return "a number";
            if (c > ' ' && c < '\x7f') return std::string(1, c);
            return "the byte " + hex_byte(c);
    }
}

// The language of a text that begins as none of JSON's does; empty: nothing known.
std::string_view other_language(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return "";
    const std::string_view line = text.substr(begin, text.find('\n', begin) - begin);
    if (line.starts_with("---") || line.starts_with("- ")) return "YAML";
    if (line.starts_with("<")) return "XML";
    const std::string_view word = word_at(line, 0);
    if (line.starts_with("[")) return !word_at(line, 1).empty() && line.ends_with("]") ? "TOML or INI" : "";
    const std::size_t next = line.find_first_not_of(" \t", word.size());
    if (word.empty() || next == std::string_view::npos) return "";
    return line[next] == ':' ? "YAML" : line[next] == '=' ? "TOML or INI" : "";
}

std::string value_expected(std::string_view text, std::size_t offset) {
    offset = word_begin(text, offset);
    const std::string found = "found " + shown(text, offset);
    if (offset < text.size() && named_at(text, offset) != nullptr) {
        return found + ", expected a value; a text needs straight double quotes: \"…\"";
    }
    const std::string_view word = word_at(text, offset);
    const auto foreign =
        std::find_if(foreign_words.begin(), foreign_words.end(), [word](const Named& one) { return one.text == word; });
    if (foreign != foreign_words.end()) {
        return "found " + std::string(word) + ", expected " + std::string(foreign->name);
    }
    return found + ", expected a value: a text in double quotes, a number, true, false, null, { or [";
}

std::string key_expected(std::string_view text, std::size_t offset) {
    const bool comma_before = offset < text.size() && text[offset] == '}';
    return "found " + shown(text, offset) +
           (comma_before ? " after a comma, expected one more key, or no comma"
                         : ", expected a key in straight double quotes: \"key\": value");
}

std::string bad_text(std::string_view text, std::size_t offset) {
    const bool control = offset < text.size() && static_cast<unsigned char>(text[offset]) < ' ';
    if (control) {
        return "found " + shown(text, offset) +
               " within a text: close it with a double quote before, or write \\n, \\t";
    }
    return "found " + shown(text, offset) + ", which is not UTF-8: save the text as UTF-8";
}

// Also where a control character stands.
std::string bad_escape(std::string_view text, std::size_t offset) {
    if (text.substr(offset, 1) != "\\") return bad_text(text, offset);
    const std::string_view escaped = text.substr(offset + 1, 1);
    const bool readable = !escaped.empty() && escaped.front() >= ' ' && escaped.front() <= '~';
    return "found " + (readable ? "\\" + std::string(escaped) : "a backslash before " + shown(text, offset + 1)) +
           " in a text: a backslash is written \\\\, as in \"C:\\\\data\"; in a path / does as well";
}

}  // namespace

std::string explain_json_fault(rapidjson::ParseErrorCode code, std::string_view text, std::size_t offset) {
    offset = std::min(offset, text.size());
    const bool at_begin = text.substr(0, offset).find_first_not_of(" \t\r\n[-") == std::string_view::npos;
    if (const std::string_view language = at_begin ? other_language(text) : ""; !language.empty()) {
        return "this looks like " + std::string(language) + ", expected JSON: { \"key\": value, … }";
    }
    const std::string found = "found " + shown(text, offset);
    switch (code) {
        case rapidjson::kParseErrorDocumentEmpty:
            return offset == text.size() ? "the text is empty, expected JSON" : value_expected(text, offset);
        case rapidjson::kParseErrorDocumentRootNotSingular:
            if (found == "found :") return found + " after a text, expected { before that: { \"key\": value, … }";
            return found + " after the end of the JSON value; is a bracket too many, or one missing, before it?";
        case rapidjson::kParseErrorValueInvalid:
            return value_expected(text, offset);
        case rapidjson::kParseErrorObjectMissName:
            return key_expected(text, offset);
        case rapidjson::kParseErrorObjectMissColon:
            return found + ", expected : between key and value";
        case rapidjson::kParseErrorObjectMissCommaOrCurlyBracket:
            return found + ", expected a comma or } before it";
        case rapidjson::kParseErrorArrayMissCommaOrSquareBracket:
            return found + ", expected a comma or ] before it";
        case rapidjson::kParseErrorStringEscapeInvalid:
        case rapidjson::kParseErrorStringUnicodeEscapeInvalidHex:
            return bad_escape(text, offset);
        case rapidjson::kParseErrorStringUnicodeSurrogateInvalid:
            return "half of a surrogate pair is no character";
        case rapidjson::kParseErrorStringMissQuotationMark:
            return "the text ends within a value: a double quote is missing";
        case rapidjson::kParseErrorStringInvalidEncoding:
            return bad_text(text, offset);
        case rapidjson::kParseErrorNumberMissFraction:
        case rapidjson::kParseErrorNumberMissExponent:
            return found + " within a number, expected a digit";
        case rapidjson::kParseErrorNumberTooBig:
            return "the number is larger than 1e308";
        default:
            return found + ", which JSON does not have here; is a comment not closed?";
    }
}

std::string_view utf16_name(std::string_view text) {
    if (text.size() < 2) return "";
    const bool little = text.starts_with("\xff\xfe") || (text[0] != '\0' && text[1] == '\0');
    const bool big = text.starts_with("\xfe\xff") || (text[0] == '\0' && text[1] != '\0');
    return little ? "UTF-16 (little endian)" : big ? "UTF-16 (big endian)" : "";
}

}  // namespace config
