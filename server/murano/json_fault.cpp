#include "server/murano/json_fault.h"

#include <algorithm>

namespace murano {
namespace {

constexpr std::string_view no_nan =
    "C prints values that are not numbers like this: check with isfinite() before printing, and leave the alias out.";
constexpr std::string_view quote_keys = "Put each key in double quotes: {\"data_in\":1}.";
constexpr std::string_view no_last_comma =
    "Leave out the comma after the last element; JSON has commas only between elements.";

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool begins_with(std::string_view text, std::string_view word) {
    return text.size() >= word.size() &&
           std::equal(word.begin(), word.end(), text.begin(), [](char w, char t) { return w == small(t); });
}

bool is_letter(char c) {
    return (small(c) >= 'a' && small(c) <= 'z') || c == '_';
}

// nan, inf, Infinity, whatever the case and sign.
bool is_no_number(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return begins_with(text, "nan") || begins_with(text, "inf");
}

}  // namespace

JsonFault no_value(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (is_no_number(rest)) return {at, "R40.json_nan", "NaN or Infinity, which JSON does not have", no_nan};
    if (begins_with(rest, "true") || begins_with(rest, "false"))
        return {at, "R40.json_capital_letter", "a capital letter; JSON writes true and false",
                "Write true and false in lower case."};
    if (begins_with(rest, "none") || begins_with(rest, "undefined") || begins_with(rest, "null"))
        return {at, "R40.json_word_for_null", "a word for a missing value, which JSON does not have",
                "Leave the alias out where there is no value."};
    switch (rest.front()) {
        case '\'':
            return {at, "R40.json_single_quotes", "a single quote; JSON strings need double quotes",
                    "Put strings in double quotes."};
        case '/':
            return {at, "R40.json_comment", "a comment, which JSON does not have", "Leave out comments."};
        case ',':
        case ']':
        case '}':
            return {at, "R40.json_extra_comma", "a value is missing here; a comma too many?", no_last_comma};
        case '+':
            return {at, "R40.json_plus_sign", "a plus sign, which JSON does not put before numbers",
                    "Leave out the plus sign."};
        case '.':
            return {at, "R40.json_bare_point", "a decimal point without a digit before it",
                    "Write a digit on both sides of it, as in 0.5."};
        case '\0':
            return {at, "R40.json_zero_byte", "a zero byte", zero_of_c_string};
        default:
            break;
    }
    if (is_letter(rest.front()))
        return {at, "R40.json_unquoted_string", "a word without quotes; no JSON value starts so",
                "Put strings in double quotes."};
    return {at, "R40.json_malformed", "no JSON value starts so"};
}

JsonFault no_key(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == '}') return {at, "R40.json_extra_comma", "a comma before the }", no_last_comma};
    if (c == '\'') return {at, "R40.json_single_quotes", "a single quote; JSON keys need double quotes", quote_keys};
    if (is_letter(c)) return {at, "R40.json_unquoted_key", "a key without double quotes", quote_keys};
    return {at, "R40.json_unquoted_key", "a key in double quotes is missing", quote_keys};
}

JsonFault not_the_end(std::string_view text, std::size_t at) {
    if (text[at] == '\0')
        return {at, "R40.json_zero_byte", "a zero byte follows after the end of the document", zero_of_c_string};
    return {at, "R40.json_several_documents", "something follows after the end of the document",
            "Send one JSON document in each message."};
}

JsonFault ends_too_early(std::string_view text) {
    return {text.size(), "R40.json_cut_short", "the payload ends too early",
            "Look for a buffer that is too small for the document, or a length that does not count all of it."};
}

}  // namespace murano
