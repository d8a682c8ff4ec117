#pragma once
// A regular expression from outside, in RE2's syntax: its cost is bounded for any pattern and text. Pure; copies share
// the compiled form. `.` also matches a line end, `^` and `$` match at the ends of lines.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace journal {

class TextPattern {
  public:
    static constexpr std::size_t longest = 1000;             // of the pattern
    static constexpr std::size_t most_memory = 1024 * 1024;  // of the compiled form, and of the matcher's cache
    static constexpr std::size_t largest_program = 2048;     // instructions
    static constexpr std::size_t most_searched = 64 * 1024;  // per text
    static constexpr std::size_t most_steps = 1024 * 1024;   // instructions times bytes: at worst 7 ns each

    // The pattern, or why it cannot be used: a clause that begins with "is".
    static std::variant<TextPattern, std::string> compile(std::string_view text);

    // Whether it occurs in the first searched() bytes of the text.
    bool found_in(std::string_view text) const;
    // How many bytes of a text are searched: less than most_searched for a pattern of many instructions.
    std::size_t searched() const;
    const std::string& text() const { return text_; }

  private:
    struct Compiled;
    std::string text_;
    std::shared_ptr<const Compiled> compiled_;
};

}  // namespace journal
