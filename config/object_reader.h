#pragma once
// Reads one JSON object key by key; reports where and why a value does not fit, and the likely intention.

#include "config/json_tree.h"
#include "config/names.h"
#include "config/problems.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace config {

// How to report unknown keys: as errors, or as warnings (Murano's own API ignores them).
enum class KeyMode : unsigned char { strict, lenient };

// The origin of the tree. All references must outlive the readers.
struct ReadContext {
    std::string_view source;  // for Problem::source
    std::string_view text;    // the text that the tree's offsets refer to
    KeyMode mode;
    Problems& problems;

    void error(std::size_t offset, std::string path, std::string message) const;
    void warning(std::size_t offset, std::string path, std::string message) const;
};

// `"text"`, `12`, `true`, `an object`: short, for messages.
std::string describe(const JsonNode& node);

// A mistake is reported and leaves the member unchanged, so that reading continues to the next one.
class ObjectReader {
  public:
    // `node` nullptr: an object without members. Reports anything but an object.
    ObjectReader(const JsonNode* node, std::string path, const ReadContext& context);

    // Marks the key as known; nullptr: absent.
    const JsonNode* find(std::string_view key);
    ObjectReader child(std::string_view key) { return {find(key), path_of(key), context_}; }
    void ignore(std::string_view key) { find(key); }

    void read(std::string_view key, bool& value);
    void read(std::string_view key, std::string& value);
    // Null means empty.
    void read_nullable(std::string_view key, std::string& value);
    void read(std::string_view key, std::vector<std::string>& value);

    template <typename E>
    requires std::is_enum_v<E>
    void read(std::string_view key, E& value) {
        const JsonNode* node = find(key);
        if (node == nullptr) return;
        std::vector<std::string_view> names;
        for (const auto& entry : enum_names<E>()) names.push_back(entry.name);
        if (const std::string_view* name = chosen(key, *node, names)) value = *parse_enum<E>(*name);
    }

    // One of `names`, else reports a mistake and returns nullptr.
    const std::string_view* chosen(std::string_view key, const JsonNode& node, std::span<const std::string_view> names);

    // Reports `node` as wrong; `expected`: what is allowed.
    void wrong(const JsonNode& node, const std::string& path, std::string_view expected) const;

    // Reports the keys that were never read. Call it last.
    void finish() const;

    const JsonNode* node() const { return node_; }
    const std::string& path() const { return path_; }
    std::string path_of(std::string_view key) const { return child_path(path_, key); }
    const ReadContext& context() const { return context_; }

  private:
    const JsonNode* node_;
    std::string path_;
    const ReadContext& context_;
    std::vector<std::string> known_;
};

}  // namespace config
