#include "server/murano/value_format.h"

#include "config/number_text.h"
#include "server/murano/quote.h"
#include "server/murano/utf8.h"
#include "server/murano/value_hints.h"

#include <utility>

namespace murano {
namespace {

using config::ResourceFormat;
using journal::Severity;
using journal::ValueKind;

Finding too_large(std::string_view alias, std::size_t size) {
    return {"R6.value_too_large", Severity::violation,
            "The value of " + quoted(alias) + " has " + std::to_string(size) + " bytes; it was dropped.",
            "One value may have at most 1048576 bytes; the whole message may be larger."};
}

Finding misfit(const ResourceRules& rules, const std::string& what, Advice advice) {
    return {advice.code, Severity::violation,
            "The value of " + quoted(rules.alias()) + " is " + what + ", but its format is " +
                std::string(format_name(rules.format())) + "; it was dropped.",
            std::move(advice.hint)};
}

bool is_boolean(std::string_view text) {
    return text == "true" || text == "false";
}

std::optional<Finding> format_misfit(const ResourceRules& rules, std::string_view text) {
    switch (rules.format()) {
        case ResourceFormat::number:
            if (!config::is_json_number(text)) return misfit(rules, quoted(text), number_advice(text));
            break;
        case ResourceFormat::boolean:
            if (!is_boolean(text)) return misfit(rules, quoted(text), boolean_advice(text));
            break;
        case ResourceFormat::string:
            if (const std::size_t at = find_invalid_utf8(text); at != std::string_view::npos) {
                return misfit(rules, "not valid UTF-8 at byte " + std::to_string(at),
                              {"R40.value_not_utf8", "Send text in UTF-8; encode binary data, as base64 for example."});
            }
            break;
    }
    return std::nullopt;
}

ValueCheck check_text(const ResourceRules& rules, std::string_view text) {
    if (text.size() > kLargestValue) return too_large(rules.alias(), text.size());
    if (auto finding = format_misfit(rules, text)) return *std::move(finding);
    if (!rules.allowed().allows(text)) {
        return Finding{
            "R40.value_not_allowed", Severity::violation,
            "The value " + quoted(text) + " of " + quoted(rules.alias()) + " is not allowed; it was dropped.",
            "Allowed are " + rules.allowed().describe() + "."};
    }
    return AcceptedValue{rules.kind(), text};
}

bool is_structure(JsonKind kind) {
    return kind == JsonKind::object || kind == JsonKind::array || kind == JsonKind::null;
}

// A bare JSON true for a number, or 5 for a boolean: the text does not fit either, but strings are taken by their text.
std::string describe(const RawJson& value) {
    return is_structure(value.kind) ? std::string(kind_name(value.kind)) : quoted(value.text);
}

ValueKind scalar_kind(JsonKind kind) {
    if (kind == JsonKind::number) return ValueKind::number;
    return kind == JsonKind::boolean ? ValueKind::boolean : ValueKind::string;
}

}  // namespace

ResourceRules::ResourceRules(std::string alias, const config::ResourceDefinition& definition)
    : alias_(std::move(alias)),
      format_(definition.format),
      settable_(definition.settable),
      sync_(definition.sync),
      initial_(definition.settable ? definition.initial : std::nullopt),
      allowed_(definition.format, definition.allowed) {}

ValueKind ResourceRules::kind() const {
    if (format_ == ResourceFormat::number) return ValueKind::number;
    return format_ == ResourceFormat::boolean ? ValueKind::boolean : ValueKind::string;
}

ValueCheck check_raw(const ResourceRules& rules, std::string_view payload) {
    return check_text(rules, payload);
}

ValueCheck check_json(const ResourceRules& rules, const RawJson& value) {
    if (is_structure(value.kind)) {
        return misfit(rules, describe(value), structure_advice(rules.format(), value.kind, rules.alias()));
    }
    return check_text(rules, value.text);
}

ValueCheck check_undefined_raw(std::string_view alias, std::string_view payload) {
    if (payload.size() > kLargestValue) return too_large(alias, payload.size());
    return AcceptedValue{ValueKind::string, payload};
}

ValueCheck check_undefined_json(std::string_view alias, const RawJson& value) {
    if (value.text.size() > kLargestValue) return too_large(alias, value.text.size());
    return AcceptedValue{scalar_kind(value.kind), value.text};
}

}  // namespace murano
