#pragma once
// JSON as a tree that knows where each value stands and keeps the exact text of numbers. Used for settings files,
// control API bodies, and to build JSON. Memory is proportional to the text, depth is limited.

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace config {

struct JsonMember;
struct JsonEntry;

struct JsonNode {
    enum class Kind : unsigned char { null, boolean, number, string, array, object };

    // Out of line: `members` holds a type that is complete only below.
    JsonNode();
    JsonNode(const JsonNode& other);
    JsonNode(JsonNode&& other) noexcept;
    JsonNode& operator=(const JsonNode& other);
    JsonNode& operator=(JsonNode&& other) noexcept;
    ~JsonNode();

    Kind kind = Kind::null;
    bool truth = false;               // of a boolean
    std::size_t offset = 0;           // byte of the text where the value begins
    std::string text;                 // of a string: its value; of a number: as it stands
    std::vector<JsonNode> items;      // of an array
    std::vector<JsonMember> members;  // of an object, in the order of the text, no key twice

    static JsonNode of(bool value);
    static JsonNode of(std::string_view value);
    static JsonNode of(const char* value) { return of(std::string_view(value)); }
    static JsonNode number(std::string_view exact_text);  // must be a JSON number
    static JsonNode array(std::vector<JsonNode> values = {});
    static JsonNode array_of(const std::vector<std::string>& texts);
    static JsonNode object();
    static JsonNode object(std::initializer_list<JsonEntry> entries);

    bool is(Kind wanted) const { return kind == wanted; }
    const JsonNode* find(std::string_view key) const&;            // nullptr: not there, or no object
    const JsonNode* find(std::string_view key) const&& = delete;  // would point into what is gone
    void put(std::string_view key, JsonNode value);               // adds or replaces
    bool erase(std::string_view key);
};

struct JsonMember {
    std::string key;
    std::size_t key_offset = 0;
    JsonNode value;
};

// To build an object of. A list's elements are constant, so the value is mutable: it is moved out, not copied.
struct JsonEntry {
    std::string_view key;
    mutable JsonNode value;
};

// RFC 8259, or the settings file's dialect: comments and trailing commas allowed.
enum class JsonDialect : unsigned char { strict, relaxed };

struct JsonFault {
    std::size_t offset = 0;
    std::string path;  // of the value, or of the object in which a key is expected
    std::string message;
};

struct ParsedJson {
    std::optional<JsonNode> root;   // none when the text is no JSON
    std::vector<JsonFault> faults;  // syntax, depth, duplicate keys (of which the first counts); the first 100
};

inline constexpr std::size_t max_json_depth = 64;
// Keys and items of arrays in a strict text: those come from the network.
inline constexpr std::size_t max_json_keys = 100'000;

// Bad UTF-8, a NUL byte, a depth over max_json_depth, too many keys and numbers over 1e308 are faults.
ParsedJson parse_json(std::string_view text, JsonDialect dialect);

// `{"a":[1]}`, or over several lines with two spaces of indent.
std::string to_json_text(const JsonNode& node);
std::string to_pretty_json_text(const JsonNode& node);

// RFC 7396: null removes, objects are merged, all else replaces. Values from the patch keep their offsets.
void merge_patch(JsonNode& target, const JsonNode& patch);

// `path.key`, or `path["key"]` where the key is no plain word.
std::string child_path(std::string_view path, std::string_view key);
std::string item_path(std::string_view path, std::size_t index);

}  // namespace config
