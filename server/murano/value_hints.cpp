#include "server/murano/value_hints.h"

#include "config/number_text.h"
#include "server/murano/json_fault.h"
#include "server/murano/quote.h"

#include <algorithm>

namespace murano {
namespace {

bool is_json_document(std::string_view text) {
    return !text.empty() && (text.front() == '{' || text.front() == '[');
}

std::string_view without_quotes(std::string_view text) {
    const bool in_quotes =
        text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    return in_quotes ? text.substr(1, text.size() - 2) : text;
}

// "25.5\0", or a whole buffer with the zero somewhere in it.
bool is_c_string(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

bool leading_zero(std::string_view text) {
    const std::size_t first = !text.empty() && text.front() == '-' ? 1 : 0;
    return text.size() > first + 1 && text[first] == '0' && text[first + 1] >= '0' && text[first + 1] <= '9';
}

constexpr std::string_view kDocumentHint =
    "$resource/<alias> takes the bare value; an object of several values goes to $resource/, one with timestamps to "
    "$resource.batch.";

}  // namespace

std::string number_hint(std::string_view text) {
    if (is_c_string(text)) return std::string(zero_of_c_string);
    const std::string_view bare = trimmed(text);
    if (bare.empty()) return "The payload is empty; send the number as text, such as 21.5.";
    if (config::is_json_number(bare)) return "Send it without white space or line end around it: " + quoted(bare) + ".";
    if (config::is_json_number(without_quotes(bare))) return "Send the number without quotes.";
    if (is_json_document(bare)) return std::string(kDocumentHint);
    const std::string lower = lowered(bare);
    if (lower.find("nan") != std::string::npos || lower.find("inf") != std::string::npos) {
        return "JSON has no NaN or infinity; look for them with isfinite() before printing, and leave the value out.";
    }
    if (lower == "true" || lower == "false") return "Send 1 or 0, or define the resource with format boolean.";
    if (bare.front() == '+') return "Leave out the plus sign.";
    if (bare.front() == '.' || bare.back() == '.')
        return "Write a digit on both sides of the decimal point, as in 0.5.";
    if (leading_zero(bare)) return "Leave out leading zeros.";
    if (bare.find(',') != std::string_view::npos) return "Use a point as decimal sign and no thousands separators.";
    return "Send a number as JSON writes it, such as -12, 21.5 or 1e3, without a unit.";
}

std::string boolean_hint(std::string_view text) {
    if (is_c_string(text)) return std::string(zero_of_c_string);
    const std::string_view bare = without_quotes(trimmed(text));
    const std::string lower = lowered(bare);
    if (lower == "true" || lower == "false")
        return "Send exactly " + lower + ", in lower case, with nothing around it.";
    if (lower == "1" || lower == "on" || lower == "yes") return "Send true.";
    if (lower == "0" || lower == "off" || lower == "no") return "Send false.";
    if (is_json_document(bare)) return std::string(kDocumentHint);
    return "Send true or false.";
}

std::string structure_hint(config::ResourceFormat format, JsonKind kind, std::string_view alias) {
    if (kind == JsonKind::null) return "Leave the alias out where there is no value; null is not one.";
    if (format == config::ResourceFormat::string) {
        return "Put the JSON document in a string, its quotes escaped: \"" + std::string(alias.substr(0, 40)) +
               "\":\"{\\\"001\\\":73.16492}\".";
    }
    return "Send the bare " + std::string(format_name(format)) +
           ", or define the resource with format string and put the document in a string.";
}

std::string_view format_name(config::ResourceFormat format) {
    switch (format) {
        case config::ResourceFormat::number:
            return "number";
        case config::ResourceFormat::boolean:
            return "boolean";
        case config::ResourceFormat::string:
            break;
    }
    return "string";
}

std::string_view kind_name(JsonKind kind) {
    switch (kind) {
        case JsonKind::number:
            return "a number";
        case JsonKind::boolean:
            return "a boolean";
        case JsonKind::null:
            return "null";
        case JsonKind::object:
            return "an object";
        case JsonKind::array:
            return "an array";
        case JsonKind::string:
            break;
    }
    return "a string";
}

}  // namespace murano
