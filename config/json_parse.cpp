#include "config/json_fault.h"
#include "config/json_tree.h"

#include <set>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace config {

namespace {

constexpr std::size_t most_faults = 100;

// Where tokens begin: RapidJSON tells no offset to its handler, so this walks the same text beside it. It only has to
// step over what RapidJSON has already accepted.
class TokenWalker {
  public:
    explicit TokenWalker(std::string_view text) : text_(text) {}

    // Steps over white space, comments and the delimiters `,` and `:`; gives the offset of the token there.
    std::size_t next() {
        while (at_ < text_.size()) {
            if (std::string_view(" \t\r\n,:").find(text_[at_]) != std::string_view::npos) {
                ++at_;
            } else if (text_[at_] == '/') {
                skip_comment();
            } else {
                break;
            }
        }
        return at_;
    }

    void advance(std::size_t bytes) { at_ += bytes; }

    void advance_string() {
        ++at_;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
        ++at_;
    }

  private:
    void skip_comment() {
        const bool block = text_.substr(at_, 2) == "/*";
        const std::size_t end = block ? text_.find("*/", at_ + 2) : text_.find('\n', at_);
        at_ = end == std::string_view::npos ? text_.size() : end + (block ? 2 : 1);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// Builds the tree from RapidJSON's events. [R40a] Numbers arrive as their text.
class TreeBuilder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, TreeBuilder> {
  public:
    TreeBuilder(std::string_view text, std::size_t most_keys) : walker_(text), most_keys_(most_keys) {}

    bool Null() { return scalar(JsonNode(), 4); }
    bool Bool(bool value) { return scalar(JsonNode::of(value), value ? 4 : 5); }
    bool RawNumber(const char* text, rapidjson::SizeType length, bool) {
        return scalar(JsonNode::number(std::string_view(text, length)), length);
    }

    bool String(const char* text, rapidjson::SizeType length, bool) {
        if (!is_text({text, length}) || !item_counts()) return false;
        JsonNode node = JsonNode::of(std::string_view(text, length));
        node.offset = walker_.next();
        walker_.advance_string();
        add(std::move(node));
        return true;
    }

    bool Key(const char* text, rapidjson::SizeType length, bool) {
        if (!is_text({text, length})) return false;
        Open& open = open_.back();
        open.key.assign(text, length);
        open.key_offset = walker_.next();
        open.has_key = true;
        walker_.advance_string();
        open.duplicate = !open.keys.insert(open.key).second;
        if (!count()) return false;
        // Each fault holds its path, which may be long: the first few tell enough.
        if (open.duplicate && faults_.size() < most_faults) {
            faults_.push_back({open.key_offset, path(), "the key occurs twice in one object"});
        }
        return true;
    }

    bool StartObject() { return start(JsonNode::object()); }
    bool StartArray() { return start(JsonNode::array()); }
    bool EndObject(rapidjson::SizeType) { return end(); }
    bool EndArray(rapidjson::SizeType) { return end(); }

    // Of the value that is being read, or of the object in which a key is expected.
    std::string path() const {
        std::string whole;
        for (const Open& open : open_) {
            if (open.node.is(JsonNode::Kind::array)) {
                whole = item_path(whole, open.node.items.size());
            } else if (open.has_key) {
                whole = child_path(whole, open.key);
            }
        }
        return whole;
    }

    bool too_deep() const { return too_deep_; }
    bool too_many_keys() const { return too_many_keys_; }
    bool half_pair() const { return half_pair_; }
    JsonNode take_root() { return std::move(root_); }
    std::vector<JsonFault> take_faults() { return std::move(faults_); }

  private:
    struct Open {
        JsonNode node;
        std::string key;  // of the member whose value comes next
        std::size_t key_offset = 0;
        bool has_key = false;
        bool duplicate = false;
        std::set<std::string, std::less<>> keys;
    };

    // RapidJSON takes an escape such as \uDE00 without its first half, and makes bytes of it that are no UTF-8.
    bool is_text(std::string_view text) {
        for (auto at = text.find('\xED'); at != text.npos && !half_pair_; at = text.find('\xED', at + 1)) {
            half_pair_ = static_cast<unsigned char>(text[at + 1]) >= 0xA0;  // the bytes of a character are all there
        }
        return !half_pair_;
    }

    bool count() {
        too_many_keys_ = ++keys_ > most_keys_;
        return !too_many_keys_;
    }
    // An item of an array costs what a key costs.
    bool item_counts() { return open_.empty() || !open_.back().node.is(JsonNode::Kind::array) || count(); }

    bool scalar(JsonNode node, std::size_t length) {
        if (!item_counts()) return false;
        node.offset = walker_.next();
        walker_.advance(length);
        add(std::move(node));
        return true;
    }

    bool start(JsonNode node) {
        too_deep_ = open_.size() == max_json_depth;
        if (too_deep_ || !item_counts()) return false;
        node.offset = walker_.next();
        walker_.advance(1);
        open_.push_back({std::move(node), {}, 0, false, false, {}});
        return true;
    }

    bool end() {
        walker_.next();
        walker_.advance(1);
        JsonNode done = std::move(open_.back().node);
        open_.pop_back();
        add(std::move(done));
        return true;
    }

    void add(JsonNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        Open& open = open_.back();
        if (open.node.is(JsonNode::Kind::array)) {
            open.node.items.push_back(std::move(node));
        } else {
            if (!open.duplicate) open.node.members.push_back({std::move(open.key), open.key_offset, std::move(node)});
            open.has_key = false;
        }
    }

    TokenWalker walker_;
    std::vector<Open> open_;
    JsonNode root_;
    std::vector<JsonFault> faults_;
    std::size_t most_keys_;
    std::size_t keys_ = 0;
    bool too_deep_ = false;
    bool too_many_keys_ = false;
    bool half_pair_ = false;
};

constexpr unsigned strict_flags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
constexpr unsigned relaxed_flags = strict_flags | rapidjson::kParseCommentsFlag | rapidjson::kParseTrailingCommasFlag;

}  // namespace

ParsedJson parse_json(std::string_view text, JsonDialect dialect) {
    // RapidJSON takes a NUL for the end and would not look at what follows.
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos) return {std::nullopt, {{nul, "", "the text contains a NUL byte"}}};

    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::Reader reader;
    // A settings file may name as many devices as it likes.
    const bool strict = dialect == JsonDialect::strict;
    TreeBuilder builder(text, strict ? max_json_keys : text.size());
    const rapidjson::ParseResult result =
        strict ? reader.Parse<strict_flags>(stream, builder) : reader.Parse<relaxed_flags>(stream, builder);
    ParsedJson parsed;
    parsed.faults = builder.take_faults();
    if (!result.IsError()) {
        parsed.root = builder.take_root();
        return parsed;
    }
    const std::string why = builder.too_deep() ? "nested deeper than " + std::to_string(max_json_depth) + " levels"
                            : builder.too_many_keys()
                                ? "more than " + std::to_string(max_json_keys) + " keys and array items"
                            : builder.half_pair() ? "half of a surrogate pair is no character"
                                                  : explain_json_fault(result.Code(), text, result.Offset());
    parsed.faults.push_back({result.Offset(), builder.too_deep() ? "" : builder.path(), why});
    return parsed;
}

}  // namespace config
