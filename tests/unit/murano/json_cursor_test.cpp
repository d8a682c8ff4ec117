#include "server/murano/json_cursor.h"

#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

using murano::JsonCursor;
using murano::JsonKind;
using murano::RawJson;

namespace {

// What the cursor says of a whole document.
struct Read {
    bool ok = false;
    RawJson value;
    murano::JsonFault fault;
};

Read read(std::string_view text, std::string& arena) {
    arena.clear();
    arena.reserve(text.size());
    JsonCursor cursor(text, arena, SIZE_MAX);
    Read out;
    out.ok = cursor.read_value(out.value) && cursor.finish();
    out.fault = cursor.fault();
    return out;
}

// RapidJSON with the two readings that the cursor exists to have otherwise: numbers beyond a double are numbers, and
// the second half of a surrogate pair alone is no character.
bool accepted_by_rapidjson(std::string_view text, const Read& ours) {
    rapidjson::MemoryStream stream(text.data(), text.size());
    rapidjson::BaseReaderHandler<> handler;
    rapidjson::Reader reader;
    constexpr unsigned kFlags =
        rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
    const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, handler);
    if (!ours.ok && ours.fault.what == "half of a surrogate pair") return false;
    if (result.Code() == rapidjson::kParseErrorNumberTooBig) return ours.ok;
    return !result.IsError();
}

}  // namespace

TEST_CASE("strings are views of the payload, decoded only where they hold escapes") {
    std::string arena;
    const std::string_view plain = R"("häuser")";
    CHECK(read(plain, arena).value.text.data() == plain.data() + 1);
    CHECK(read(R"("a\"b\\c\/d\b\f\n\r\te")", arena).value.text == "a\"b\\c/d\b\f\n\r\te");
    CHECK(read(R"("\u0041\u00e9\u20AC\uD83D\uDE00")", arena).value.text == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    CHECK(read(R"("a\u0000b")", arena).value.text == std::string_view("a\0b", 3));
}

TEST_CASE("[R40a] numbers, words and documents keep their exact text") {
    std::string arena;
    CHECK(read(" 73.1649200 ", arena).value.text == "73.1649200");
    CHECK(read("1e999999999", arena).value.text == "1e999999999");  // RapidJSON would call this malformed
    CHECK(read("null", arena).value.kind == JsonKind::null);
    const Read document = read(R"( {"a" : [1, {"b":"}"}] } )", arena);
    CHECK(document.value.kind == JsonKind::object);
    CHECK(document.value.text == R"({"a" : [1, {"b":"}"}] })");
}

TEST_CASE("[R40] a fault has its byte offset") {
    struct Row {
        std::string_view text;
        std::size_t offset;
        std::string_view what;
    };
    const Row rows[] = {
        {"", 0, "too early"},
        {"[1,]", 3, "comma too many"},
        {"{'a':1}", 1, "double quotes"},
        {"[True]", 1, "capital"},
        {"[01]", 1, "leading zero"},
        {"[1.]", 3, "decimal point"},
        {"[1e]", 3, "exponent"},
        {"[-]", 1, "minus sign"},
        {"[1 2]", 3, "comma or ]"},
        {"{\"a\" 1}", 5, "colon"},
        {"{\"a\":1", 6, "too early"},
        {"[\"abc", 1, "not closed"},
        {"[\"a\\x\"]", 3, "escape"},
        {"[\"\\u12G4\"]", 2, "four"},
        {"[\"\\uD800\"]", 2, "surrogate"},
        {"[\"\\uDC00\"]", 2, "surrogate"},
        {"[\"\\uD800\\u0041\"]", 2, "surrogate"},
        {"[\"a\nb\"]", 3, "control character"},
        {"[\"\xFF\"]", 2, "UTF-8"},
        {"[\"\\n\xC0\x80\"]", 4, "UTF-8"},
        {"[1] x", 4, "follows"},
        {"[NaN]", 1, "NaN"},
        {"[1, // x\n]", 4, "comment"},
        {"\"a\\", 2, "too early"},
    };
    std::string arena;
    for (const Row& row : rows) {
        CAPTURE(row.text);
        const Read result = read(row.text, arena);
        REQUIRE_FALSE(result.ok);
        CAPTURE(result.fault.what);
        CHECK(result.fault.offset == row.offset);
        CHECK(result.fault.what.find(row.what) != std::string_view::npos);
    }
}

TEST_CASE("nesting is limited and needs no stack") {
    std::string arena;
    const auto nested = [](std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); };
    CHECK(read(nested(JsonCursor::kDeepest), arena).ok);
    CHECK_FALSE(read(nested(JsonCursor::kDeepest + 2), arena).ok);
    CHECK(read(std::string(1'000'000, '['), arena).fault.what == "nested too deeply");
    CHECK(read(std::string(1'000'000, '['), arena).fault.code == "R40.json_too_deep");
}

TEST_CASE("[R40] what is JSON agrees with RapidJSON on random mutations") {
    constexpr unsigned kSeed = 77;
    CAPTURE(kSeed);
    std::mt19937 random(kSeed);
    const std::string_view alphabet = "{}[]\",:\\u0019aeEtrfn.-+ \n\xC3\xA9";
    const std::string seeds[] = {R"({"a":1,"b":[true,false,null],"c":"\u00e9\n"})",
                                 R"([{"timestamp":1,"values":{"x":"1"}}])", R"([-0.5e+10,"\uD83D\uDE00",{}])",
                                 "\"\xC3\xA9\xE2\x82\xAC\""};
    std::string arena;
    for (int i = 0; i < 40'000; ++i) {
        std::string text = seeds[random() % 4];
        for (auto edits = random() % 3 + 1; edits > 0; --edits) {
            const std::size_t at = random() % text.size();
            const char c = alphabet[random() % alphabet.size()];
            const auto what = random() % 3;
            if (what == 0)
                text[at] = c;
            else if (what == 1)
                text.insert(at, 1, c);
            else if (text.size() > 1)
                text.erase(at, 1);
        }
        CAPTURE(text);
        const Read ours = read(text, arena);
        REQUIRE(ours.ok == accepted_by_rapidjson(text, ours));
    }
}

TEST_CASE("a string ends at its first special byte, wherever in a word of eight that stands") {
    std::string arena;
    for (std::size_t before = 0; before < 20; ++before) {
        for (const std::string_view special : {"\x01", "\x1f", "\xff", "\xc3"}) {
            const auto text = '"' + std::string(before, 'x') + std::string(special) + std::string(20, 'y') + '"';
            const auto got = read(text, arena);
            CHECK_FALSE(got.ok);
            CHECK(got.fault.offset == before + 1);
        }
        for (const std::string_view plain : {" ", "!", "#", "[", "]", "\x7f", "\xc3\xa4", "\xf0\x9f\x98\x80"}) {
            const auto inside = std::string(before, 'x') + std::string(plain) + std::string(20, 'y');
            const auto text = '"' + inside + '"';
            const auto got = read(text, arena);
            CHECK(got.ok);
            CHECK(got.value.text == inside);
        }
        const auto only = '"' + std::string(before, 'x') + '"';
        CHECK(read(only, arena).value.text.size() == before);
        const auto escaped = '"' + std::string(before, 'x') + "\\n" + std::string(9, 'y') + '"';
        CHECK(read(escaped, arena).value.text.size() == before + 10);
    }
}
