#include "config/json_tree.h"

#include "config/problems.h"

#include <doctest/doctest.h>

namespace {

using config::JsonDialect;
using config::JsonNode;
using config::parse_json;

JsonNode relaxed(std::string_view text) {
    const auto parsed = parse_json(text, JsonDialect::relaxed);
    REQUIRE(parsed.faults.empty());
    return *parsed.root;
}

TEST_CASE("every value knows the byte where it begins, whatever stands between") {
    const std::string_view text =
        "{ // note, with: \"signs\"\n \"a\" : [1, /* , */ \"x\\\"]\" ,true,\n {\"b\":null,},],\n}";
    const JsonNode root = relaxed(text);
    CHECK(root.offset == 0);
    const JsonNode& array = root.members.at(0).value;
    CHECK(text.substr(root.members[0].key_offset, 3) == "\"a\"");
    CHECK(text.substr(array.offset, 2) == "[1");
    CHECK(text.substr(array.items.at(0).offset, 2) == "1,");
    CHECK(text.substr(array.items.at(1).offset, 2) == "\"x");
    CHECK(array.items[1].text == "x\"]");
    CHECK(text.substr(array.items.at(2).offset, 4) == "true");
    CHECK(text.substr(array.items.at(3).offset, 2) == "{\"");
    CHECK(text.substr(array.items[3].members.at(0).value.offset, 4) == "null");
}

TEST_CASE("[R40a] numbers keep their exact text") {
    for (const std::string number : {"73.16492", "1e-400", "1.5e300", "-0", "123456789012345678901234567890", "0.10"}) {
        const JsonNode root = relaxed("[" + number + "]");
        CHECK(root.items.at(0).text == number);
        CHECK(config::to_json_text(root) == "[" + number + "]");
    }
}

TEST_CASE("a key that stands twice is a fault at its second place") {
    const std::string_view text = R"({"a":{"k":1,"b":[0,{"k":1,"k":2}]}})";
    const auto parsed = parse_json(text, JsonDialect::strict);
    REQUIRE(parsed.faults.size() == 1);
    CHECK(parsed.faults[0].path == "a.b[1].k");
    CHECK(parsed.faults[0].offset == text.rfind("\"k\""));
    CHECK(parsed.root->find("a")->find("b")->items[1].find("k")->text == "1");
}

TEST_CASE("what is no JSON is a fault, with its place") {
    for (const std::string_view text :
         {"", "  ", "{", "[1", "{\"a\"}", "nul", "[1]]", "{\"a\":01}", "\"\x01\"", "'a'"}) {
        const auto parsed = parse_json(text, JsonDialect::relaxed);
        CHECK_MESSAGE(!parsed.root, text);
        REQUIRE(parsed.faults.size() == 1);
        CHECK(parsed.faults[0].offset <= text.size());
    }
}

TEST_CASE("bad UTF-8 and a NUL byte are faults") {
    CHECK(!parse_json("\"\xff\"", JsonDialect::relaxed).root);
    CHECK(!parse_json(std::string_view("{}\0{}", 5), JsonDialect::relaxed).root);
}

TEST_CASE("an escape that is half of a surrogate pair is a fault: no text may come of it that is not UTF-8") {
    for (const auto* text :
         {R"("\uDE00")", R"("\uD83D")", R"({"\udfff":1})", R"("\uD83D\uD83D")", R"("a\uDC00\uD83D")"}) {
        const auto parsed = parse_json(text, JsonDialect::relaxed);
        CHECK(!parsed.root);
        CHECK(parsed.faults.size() == 1);
    }
    CHECK(parse_json(R"("\uD83D\uDE00 \uD7FF \uE000")", JsonDialect::strict).root);
}

TEST_CASE("comments and trailing commas are of the relaxed dialect only") {
    CHECK(parse_json("[1,] // c", JsonDialect::relaxed).root);
    CHECK(!parse_json("[1,]", JsonDialect::strict).root);
    CHECK(!parse_json("[1] // c", JsonDialect::strict).root);
}

TEST_CASE("depth is limited, so that no text exhausts the stack") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(parse_json(nested(config::max_json_depth), JsonDialect::strict).root);
    CHECK(!parse_json(nested(config::max_json_depth + 1), JsonDialect::strict).root);
    const auto parsed = parse_json(std::string(1'000'000, '['), JsonDialect::strict);
    REQUIRE(parsed.faults.size() == 1);
    CHECK(parsed.faults[0].message == "nested deeper than 64 levels");
}

TEST_CASE("keys and array items are limited together: a short text must not become a great tree") {
    const auto nested = [](std::size_t count) {
        std::string text = R"({"a":[[])";
        for (std::size_t item = 1; item < count; ++item) text += ",[]";
        return text + "]}";
    };
    CHECK(parse_json(nested(config::max_json_keys - 1), JsonDialect::strict).root);
    const auto refused = parse_json(nested(config::max_json_keys), JsonDialect::strict);
    CHECK_FALSE(refused.root);
    CHECK(refused.faults.back().message == "more than 100000 keys and array items");
    CHECK(parse_json(nested(config::max_json_keys), JsonDialect::relaxed).root);
}

TEST_CASE("a merge patch follows the examples of RFC 7396") {
    const char* const rows[][3] = {
        {R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
        {R"({"a":"b"})", R"({"a":null})", R"({})"},
        {R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
        {R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
        {R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
        {R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})"},
        {R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
        {R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
        {R"({"a":"b"})", R"(["c"])", R"(["c"])"},
        {R"({"a":"foo"})", R"(null)", R"(null)"},
        {R"({"a":"foo"})", R"("bar")", R"("bar")"},
        {R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
        {R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
        {R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"},
    };
    for (const auto& [before, patch, after] : rows) {
        JsonNode target = relaxed(before);
        config::merge_patch(target, relaxed(patch));
        CHECK(config::to_json_text(target) == after);
    }
}

TEST_CASE("paths quote what is no plain word") {
    CHECK(config::child_path("", "a") == "a");
    CHECK(config::child_path("a", "b_c-1") == "a.b_c-1");
    CHECK(config::child_path("content", "logo.gif") == "content[\"logo.gif\"]");
    CHECK(config::item_path("a", 3) == "a[3]");
}

TEST_CASE("columns count characters, lines count line feeds") {
    const std::string_view text = "a\n\xc3\xa4\xc3\xb6x";
    const auto at = config::position_of(text, text.find('x'));
    CHECK(at.line == 2);
    CHECK(at.column == 3);
    CHECK(config::position_of(text, 10'000).column == 4);
}

}  // namespace
