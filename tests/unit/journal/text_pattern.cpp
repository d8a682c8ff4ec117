#include "server/journal/text_pattern.h"

#include "server/journal/payload_match.h"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using journal::TextPattern;

namespace {

TextPattern pattern(std::string_view text) {
    return std::get<TextPattern>(TextPattern::compile(text));
}

std::string refusal(std::string_view text) {
    const auto compiled = TextPattern::compile(text);
    const auto* why = std::get_if<std::string>(&compiled);
    return why == nullptr ? std::string() : *why;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("a pattern is found anywhere, over line ends, and at the ends of lines") {
    CHECK(pattern("a+b").found_in("xaab"));
    CHECK(pattern("a.b").found_in("a\nb"));
    CHECK(pattern("^b$").found_in("a\nb\nc"));
    CHECK(pattern("^.$").found_in("ä"));
    CHECK(pattern("^(a|b){2}\\d$").found_in("ab7"));
    CHECK_FALSE(pattern("^a$").found_in("ab"));
    CHECK(pattern("b").found_in("\xff\xfe b"));  // what is no UTF-8 hides nothing
}

TEST_CASE("a pattern that needs more than linear time in other engines costs a bounded number of steps") {
    const std::string letters(TextPattern::most_searched, 'a');
    for (const char* text : {"(a+)+$b", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*?,){200}P",
                             ".*.*.*.*.*.*.*.*.*.*z", "[ab]*a[ab]{900}c", "(.{0,100}a)+z"}) {
        CAPTURE(text);
        const auto compiled = pattern(text);
        CHECK_FALSE(compiled.found_in(letters));
        CHECK(compiled.searched() > 0);
    }
    CHECK(pattern("a+b").searched() == TextPattern::most_searched);
    const auto large = pattern("[ab]*a[ab]{900}c");
    CHECK(large.searched() * 900 <= TextPattern::most_steps);
    CHECK(large.searched() >= TextPattern::most_steps / TextPattern::largest_program);
}

TEST_CASE("what is too large once it is compiled is refused") {
    CHECK(contains(refusal("a{1000000}"), "{1000000}"));
    CHECK(refusal("\\pL{900}") == "is too large a pattern once its repetitions are counted");
    CHECK(refusal("[^x]{1000}y") == "is too large a pattern once its repetitions are counted");
    CHECK(refusal("(a{1000}){1000}") != "");
    CHECK(refusal(std::string(1001, 'a')) == "is longer than 1000 bytes");
}

TEST_CASE("the refusal of a pattern says what RE2 does not know") {
    for (const char* text : {"(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?>a+)b", "a++"}) {
        CAPTURE(text);
        const std::string why = refusal(text);
        CAPTURE(why);
        CHECK(contains(why, "is not a regular expression in RE2's syntax: "));
        CHECK(contains(why, "no look-around (?= (?! (?<= (?<!"));
        CHECK(contains(why, "back-references"));
        CHECK(contains(why, "atomic groups"));
        CHECK(contains(why, "possessive"));
    }
    CHECK(refusal("(") == "is not a regular expression in RE2's syntax: missing ): (");
    CHECK(contains(refusal("\xff"), "UTF-8"));
}

TEST_CASE("a miss says how much of a long text was searched") {
    journal::PayloadMatch match;
    match.regex = pattern("z");
    const std::string text = std::string(TextPattern::most_searched, 'a') + "z";
    CHECK(contains(difference(match, {{}, text, text}), "in its first 65536 bytes, which are all that is searched"));
    CHECK_FALSE(contains(difference(match, {{}, "a", "a"}), "searched"));
}
