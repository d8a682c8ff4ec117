#pragma once
// Reads JSON (RFC 8259) from a payload one token at a time, with exact number text and byte offsets of faults.
// RapidJSON's Reader refuses numbers beyond a double even when asked for their text, so that 1e400 would be malformed
// here and valid on `$resource/<alias>` [R40a]; and it copies every token. Tests compare the two. One thread; no
// recursion; memory: `arena` only.

#include "server/murano/json_fault.h"
#include "server/murano/value_format.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace murano {

class JsonCursor {
  public:
    static constexpr std::size_t kDeepest = 128;  // levels of nesting inside one value

    // Strings with escapes are decoded into `arena`, which must have room for text.size() more bytes without moving;
    // all other tokens are views of `text`. Both must outlive the values read. More than `most_values` values, nested
    // ones included, are a fault.
    JsonCursor(std::string_view text, std::string& arena, std::size_t most_values)
        : text_(text), arena_(&arena), values_left_(most_values) {}

    // Each function returns false at a fault; nothing may be read after it.
    bool read_value(RawJson& out);  // objects and arrays as their whole text
    bool read_string(std::string_view& out);
    bool read_key(std::string_view& out);  // a string and the following colon
    bool take(char c);                     // true: it was next and is consumed; otherwise no fault
    bool finish();                         // only white space follows
    // After an element: true if a comma announces another one, false at `closer` or a fault.
    bool more(char closer);

    char peek();  // the next character except white space; '\0' at the end
    std::size_t offset() const { return at_; }
    bool failed() const { return failed_; }
    bool too_many() const { return too_many_; }  // it failed because of the number of values
    bool count_value();                          // counts one not read by read_value()
    const JsonFault& fault() const { return fault_; }
    bool fail(const JsonFault& fault);  // always false

  private:
    bool skip_nested();
    bool open_nested(char opener, bool& empty);
    bool read_number(std::string_view& out);
    bool read_word(RawJson& out);
    bool decode_string(std::size_t start, std::string_view& out);
    bool at_escape(std::size_t start);
    bool decode_escape();
    bool decode_unicode();
    bool read_hex(unsigned& out);
    std::size_t plain_run(std::size_t at);

    std::string_view text_;
    std::string* arena_;
    std::size_t at_ = 0;
    std::size_t values_left_;
    bool too_many_ = false;
    bool failed_ = false;
    JsonFault fault_;
};

}  // namespace murano
