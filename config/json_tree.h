#pragma once
// JSON as a tree with the offset of each value and the exact text of numbers. For settings files, control API bodies,
// and to build JSON. Memory is proportional to the text, depth is limited.

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

    // Not inline: `members` holds a type that is complete only below.
    JsonNode();
    JsonNode(const JsonNode& other);
    JsonNode(JsonNode&& other) noexcept;
    JsonNode& operator=(const JsonNode& other);
    JsonNode& operator=(JsonNode&& other) noexcept;
    ~JsonNode();

    Kind kind = Kind::null;
    bool truth = false;               // of a boolean
    std::size_t offset = 0;           // byte offset of the value in the text
    std::string text;                 // of a string: its value; of a number: its exact text
    std::vector<JsonNode> items;      // of an array
    std::vector<JsonMember> members;  // of an object, in the order of the text, keys unique

    static JsonNode of(bool value);
    static JsonNode of(std::string_view value);
    static JsonNode of(const char* value) { return of(std::string_view(value)); }
    static JsonNode number(std::string_view exact_text);  // must be a JSON number
    static JsonNode array(std::vector<JsonNode> values = {});
    static JsonNode array_of(const std::vector<std::string>& texts);
    static JsonNode object();
    static JsonNode object(std::initializer_list<JsonEntry> entries);

    bool is(Kind wanted) const { return kind == wanted; }
    const JsonNode* find(std::string_view key) const&;            // nullptr: absent, or not an object
    const JsonNode* find(std::string_view key) const&& = delete;  // would dangle
    void put(std::string_view key, JsonNode value);               // adds or replaces
    bool erase(std::string_view key);
};

struct JsonMember {
    std::string key;
    std::size_t key_offset = 0;
    JsonNode value;
};

// To build an object. The elements of an initializer list are const, so `value` is mutable: it is moved, not copied.
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
    std::optional<JsonNode> root;   // nullopt: the text is not JSON
    std::vector<JsonFault> faults;  // syntax, depth, duplicate keys (the first one counts); the first 100
};

inline constexpr std::size_t max_json_depth = 64;
// Keys and array items in a strict text, because that comes from the network.
inline constexpr std::size_t max_json_keys = 100'000;

// Invalid UTF-8, a NUL byte, a depth over max_json_depth, too many keys, and numbers over 1e308 are faults.
ParsedJson parse_json(std::string_view text, JsonDialect dialect);

// `{"a":[1]}`; or pretty: several lines with two spaces of indent.
std::string to_json_text(const JsonNode& node);
std::string to_pretty_json_text(const JsonNode& node);

// RFC 7396: null removes, objects are merged, other values replace. Values from the patch keep their offsets.
void merge_patch(JsonNode& target, const JsonNode& patch);

// `path.key`, or `path["key"]` if the key is not a plain word.
std::string child_path(std::string_view path, std::string_view key);
std::string item_path(std::string_view path, std::size_t index);

}  // namespace config
