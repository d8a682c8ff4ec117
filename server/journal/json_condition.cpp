#include "server/journal/json_condition.h"

#include "server/journal/json_writer.h"

#include <array>
#include <optional>
#include <utility>

#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

namespace journal {
namespace {

// Device text may be nested deeply: no recursion over it.
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag;

enum class Operator : std::uint8_t { equal, unequal, less, less_equal, greater, greater_equal };

struct Sign {
    std::string_view text;
    Operator meaning;
};
constexpr std::array signs{Sign{"!=", Operator::unequal},       Sign{"<=", Operator::less_equal},
                           Sign{">=", Operator::greater_equal}, Sign{"=", Operator::equal},
                           Sign{"<", Operator::less},           Sign{">", Operator::greater}};

bool parse_json(rapidjson::Document& document, std::string_view text) {
    return !document.Parse<parse_flags>(text.data(), text.size()).HasParseError();
}

// -1, 0, 1; nullopt: they cannot be ordered.
std::optional<int> order(const rapidjson::Value& a, const rapidjson::Value& b) {
    if (a.IsNumber() && b.IsNumber()) {
        if (a == b) return 0;
        if (a.IsInt64() && b.IsInt64()) return a.GetInt64() < b.GetInt64() ? -1 : 1;
        return a.GetDouble() < b.GetDouble() ? -1 : 1;
    }
    if (!a.IsString() || !b.IsString()) return std::nullopt;
    return std::string_view(a.GetString(), a.GetStringLength())
        .compare(std::string_view(b.GetString(), b.GetStringLength()));
}

bool holds(const rapidjson::Value& found, Operator meaning, const rapidjson::Value& wanted) {
    if (meaning == Operator::equal) return found == wanted;
    if (meaning == Operator::unequal) return found != wanted;
    const auto ordered = order(found, wanted);
    if (!ordered) return false;
    switch (meaning) {
        case Operator::less:
            return *ordered < 0;
        case Operator::less_equal:
            return *ordered <= 0;
        case Operator::greater:
            return *ordered > 0;
        default:
            return *ordered >= 0;
    }
}

// Not the whole of what may be nested deeply.
std::string summary(const rapidjson::Value& value) {
    if (value.IsObject()) return "an object";
    if (value.IsArray()) return "an array";
    std::string text;
    StringSink sink(text);
    rapidjson::Writer<StringSink> writer(sink);
    value.Accept(writer);
    return text;
}

const Sign* sign_at(std::string_view rest) {
    for (const Sign& sign : signs) {
        if (rest.starts_with(sign.text)) return &sign;
    }
    return nullptr;
}

}  // namespace

struct JsonValue::Parsed {
    rapidjson::Document document;
};

JsonValue::JsonValue(std::string_view json) {
    auto parsed = std::make_shared<Parsed>();
    if (parse_json(parsed->document, json)) value_ = std::move(parsed);
}

bool JsonValue::equals(std::string_view document) const {
    if (!value_ || document.size() > longest_examined_text) return false;
    rapidjson::Document other;
    return parse_json(other, document) && other == value_->document;
}

struct JsonCondition::Parts {
    std::string pointer_text;
    std::string expected_text;
    rapidjson::Pointer pointer;
    Operator meaning = Operator::equal;
    rapidjson::Document wanted;
};

std::variant<JsonCondition, std::string> JsonCondition::parse(std::string_view text) {
    if (text.size() > longest_json_condition) return "a JSON condition has at most 4096 characters";
    if (!text.empty() && text.front() == '$') return "a JSON Pointer is needed, not a JSONPath: /a/b instead of $.a.b";
    auto parts = std::make_shared<Parts>();
    bool seen = false;
    // A key may hold such a sign too: the condition ends where a JSON value follows.
    for (std::size_t at = 0; at < text.size(); ++at) {
        const Sign* sign = sign_at(text.substr(at));
        if (sign == nullptr) continue;
        seen = true;
        const std::string_view value = text.substr(at + sign->text.size());
        if (!parse_json(parts->wanted, value)) {
            at += sign->text.size() - 1;
            continue;
        }
        parts->pointer_text = text.substr(0, at);
        parts->expected_text = text.substr(at);
        parts->meaning = sign->meaning;
        const bool begins_well = at == 0 || text.front() == '/';
        parts->pointer = rapidjson::Pointer(parts->pointer_text.data(), parts->pointer_text.size());
        if (!begins_well || !parts->pointer.IsValid()) {
            return "\"" + parts->pointer_text +
                   "\" is not a JSON Pointer: it begins with /, and ~ in a key is written ~0, / is ~1";
        }
        return JsonCondition(std::move(parts));
    }
    if (seen) return "the text after the comparison is not a JSON value; a string needs quotes: /state=\"on\"";
    return "a comparison is missing: a JSON Pointer, one of = != < <= > >=, and a JSON value, such as /channels/001>=5";
}

JsonCondition::Answer JsonCondition::check(std::string_view document) const {
    rapidjson::Document parsed;
    if (document.size() > longest_examined_text || !parse_json(parsed, document)) return Answer::no_json;
    const rapidjson::Value* found = parts_->pointer.Get(parsed);
    if (found == nullptr) return Answer::no_such_place;
    return holds(*found, parts_->meaning, parts_->wanted) ? Answer::holds : Answer::differs;
}

JsonCondition::Outcome JsonCondition::explain(std::string_view document) const {
    Outcome outcome{check(document), {}};
    if (outcome.answer != Answer::differs) return outcome;
    rapidjson::Document parsed;
    parse_json(parsed, document);
    if (const rapidjson::Value* found = parts_->pointer.Get(parsed)) outcome.found = summary(*found);
    return outcome;
}

const std::string& JsonCondition::pointer() const {
    return parts_->pointer_text;
}

const std::string& JsonCondition::expected() const {
    return parts_->expected_text;
}

}  // namespace journal
