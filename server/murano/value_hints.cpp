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

Advice document_for_value() {
    return {"R40.document_for_value",
            "$resource/<alias> takes the bare value; an object of several values goes to $resource/, one with "
            "timestamps to $resource.batch."};
}

Advice zero_byte() {
    return {"R40.zero_byte", std::string(zero_of_c_string)};
}

}  // namespace

Advice number_advice(std::string_view text) {
    if (is_c_string(text)) return zero_byte();
    const std::string_view bare = trimmed(text);
    if (bare.empty()) return {"R40.empty_value", "The payload is empty; send the number as text, such as 21.5."};
    if (config::is_json_number(bare))
        return {"R40.white_space", "Send it without white space or line end around it: " + quoted(bare) + "."};
    if (config::is_json_number(without_quotes(bare))) return {"R40.quoted_number", "Send the number without quotes."};
    if (is_json_document(bare)) return document_for_value();
    const std::string lower = lowered(bare);
    if (lower.find("nan") != std::string::npos || lower.find("inf") != std::string::npos) {
        return {"R40.nan",
                "JSON has no NaN or infinity; check with isfinite() before printing, and leave the value out."};
    }
    if (lower == "true" || lower == "false")
        return {"R40.boolean_for_number", "Send 1 or 0, or define the resource with format boolean."};
    if (bare.front() == '+') return {"R40.plus_sign", "Leave out the plus sign."};
    if (bare.front() == '.' || bare.back() == '.')
        return {"R40.bare_point", "Write a digit on both sides of the decimal point, as in 0.5."};
    if (leading_zero(bare)) return {"R40.leading_zero", "Leave out leading zeros."};
    if (bare.find(',') != std::string_view::npos)
        return {"R40.comma_for_point", "Use a point as decimal sign and no thousands separators."};
    return {"R40.not_a_number", "Send a number as JSON writes it, such as -12, 21.5 or 1e3, without a unit."};
}

Advice boolean_advice(std::string_view text) {
    if (is_c_string(text)) return zero_byte();
    const std::string_view bare = without_quotes(trimmed(text));
    const std::string lower = lowered(bare);
    if (lower == "true" || lower == "false")
        return {"R40.boolean_spelling", "Send exactly " + lower + ", in lower case, with nothing around it."};
    if (lower == "1" || lower == "on" || lower == "yes") return {"R40.word_for_boolean", "Send true."};
    if (lower == "0" || lower == "off" || lower == "no") return {"R40.word_for_boolean", "Send false."};
    if (is_json_document(bare)) return document_for_value();
    return {"R40.not_a_boolean", "Send true or false."};
}

Advice structure_advice(config::ResourceFormat format, JsonKind kind, std::string_view alias) {
    if (kind == JsonKind::null)
        return {"R40.null_value", "Leave the alias out where there is no value; null is not one."};
    if (format == config::ResourceFormat::string) {
        return {"R40.nested", "Put the JSON document in a string, its quotes escaped: \"" +
                                  std::string(alias.substr(0, 40)) + "\":\"{\\\"001\\\":73.16492}\"."};
    }
    return {"R40.nested", "Send the bare " + std::string(format_name(format)) +
                              ", or define the resource with format string and put the document in a string."};
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
