#pragma once
// A condition on JSON text: "/channels/001>=5". A JSON Pointer (RFC 6901; empty: the whole text), one of = != < <= >
// >=, and a JSON value. Parsed once, checked often. Pure; copies share the parsed form.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace journal {

// Longer texts are not parsed: they would delay the loop.
inline constexpr std::size_t longest_examined_text = 1024 * 1024;
inline constexpr std::size_t longest_json_condition = 4096;

// A JSON value to compare with.
class JsonValue {
  public:
    explicit JsonValue(std::string_view json);  // if it is not JSON, equals() is always false
    // Whether `document` is JSON and the same value: numbers by value, members in any order.
    bool equals(std::string_view document) const;

  private:
    struct Parsed;
    std::shared_ptr<const Parsed> value_;
};

class JsonCondition {
  public:
    // The condition, or a sentence about the mistake in it.
    static std::variant<JsonCondition, std::string> parse(std::string_view text);

    enum class Answer : std::uint8_t { holds, differs, no_such_place, no_json };
    struct Outcome {
        Answer answer = Answer::no_json;
        std::string found;  // differs: the JSON at the place, or "an object", "an array"
    };
    // `!=` too requires the place to exist. `<` and the like compare numbers, or strings by their bytes; values of
    // different kinds differ.
    Answer check(std::string_view document) const;
    Outcome explain(std::string_view document) const;

    const std::string& pointer() const;   // "/channels/001"
    const std::string& expected() const;  // ">=5"

  private:
    struct Parts;
    explicit JsonCondition(std::shared_ptr<const Parts> parts) : parts_(std::move(parts)) {}
    std::shared_ptr<const Parts> parts_;
};

}  // namespace journal
