#include "server/murano/value_format.h"

#include <array>
#include <string>
#include <string_view>
#include <variant>

#include <doctest/doctest.h>

using config::ResourceDefinition;
using config::ResourceFormat;
using config::Scalar;
using journal::ValueKind;
using murano::AcceptedValue;
using murano::Finding;
using murano::JsonKind;
using murano::RawJson;
using murano::ResourceRules;
using murano::ValueCheck;

namespace {

ResourceRules rules(ResourceFormat format, std::vector<Scalar> allowed = {}) {
    ResourceDefinition definition;
    definition.format = format;
    definition.allowed = std::move(allowed);
    return {"temp", definition};
}

const AcceptedValue* accepted(const ValueCheck& check) {
    return std::get_if<AcceptedValue>(&check);
}
const Finding* finding(const ValueCheck& check) {
    return std::get_if<Finding>(&check);
}

}  // namespace

TEST_CASE("[R40] a raw value must fit its format") {
    struct Row {
        ResourceFormat format;
        std::string_view payload;
        bool expected;
    };
    using F = ResourceFormat;
    const std::array rows = {
        Row{F::string, "", true},
        Row{F::string, "any \x01 text", true},
        Row{F::string, "\xC3\xA9", true},
        Row{F::string, {"a\0b", 3}, true},
        Row{F::string, "\xC0\x80", false},
        Row{F::string, "\xED\xA0\x80", false},
        Row{F::string, "cut \xE2\x82", false},
        Row{F::string, "\xF4\x90\x80\x80", false},
        Row{F::number, "0", true},
        Row{F::number, "-12.50e+3", true},
        Row{F::number, "1e400", true},
        Row{F::number, "", false},
        Row{F::number, "-", false},
        Row{F::number, "01", false},
        Row{F::number, "+1", false},
        Row{F::number, ".5", false},
        Row{F::number, "5.", false},
        Row{F::number, " 5", false},
        Row{F::number, "5\n", false},
        Row{F::number, "1e", false},
        Row{F::number, "0x10", false},
        Row{F::number, "NaN", false},
        Row{F::number, "\"5\"", false},
        Row{F::number, "true", false},
        Row{F::number, "1,5", false},
        Row{F::number, "{\"a\":1}", false},
        Row{F::boolean, "true", true},
        Row{F::boolean, "false", true},
        Row{F::boolean, "True", false},
        Row{F::boolean, "1", false},
        Row{F::boolean, "", false},
        Row{F::boolean, " true", false},
        Row{F::boolean, "\"true\"", false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.payload);
        const ResourceRules resource = rules(row.format);
        const ValueCheck check = murano::check_raw(resource, row.payload);
        REQUIRE((accepted(check) != nullptr) == row.expected);
        if (row.expected) {
            CHECK(accepted(check)->text.data() == row.payload.data());
            CHECK(accepted(check)->text.size() == row.payload.size());
            CHECK(accepted(check)->kind == resource.kind());
        } else {
            CHECK(finding(check)->code.starts_with("R40."));
            CHECK(finding(check)->severity == journal::Severity::violation);
            CHECK_FALSE(finding(check)->hint.empty());
        }
    }
}

TEST_CASE("[R40a] numbers keep their exact text") {
    const ValueCheck check = murano::check_raw(rules(ResourceFormat::number), "73.16492000");
    REQUIRE(accepted(check) != nullptr);
    CHECK(accepted(check)->text == "73.16492000");
    CHECK(accepted(check)->kind == ValueKind::number);
}

TEST_CASE("[R40] a JSON value fits by its kind or by its text") {
    struct Row {
        ResourceFormat format;
        RawJson value;
        bool expected;
    };
    using F = ResourceFormat;
    using K = JsonKind;
    const std::array rows = {
        Row{F::string, {K::string, "x"}, true},      Row{F::string, {K::number, "1.50"}, true},
        Row{F::string, {K::boolean, "true"}, true},  Row{F::string, {K::object, "{}"}, false},
        Row{F::string, {K::array, "[]"}, false},     Row{F::string, {K::null, "null"}, false},
        Row{F::number, {K::number, "5"}, true},      Row{F::number, {K::string, "5"}, true},
        Row{F::number, {K::string, "five"}, false},  Row{F::number, {K::string, " 5"}, false},
        Row{F::number, {K::boolean, "true"}, false}, Row{F::number, {K::null, "null"}, false},
        Row{F::number, {K::array, "[5]"}, false},    Row{F::boolean, {K::boolean, "false"}, true},
        Row{F::boolean, {K::string, "true"}, true},  Row{F::boolean, {K::string, "yes"}, false},
        Row{F::boolean, {K::number, "1"}, false},    Row{F::boolean, {K::object, "{}"}, false},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value.text);
        const ResourceRules resource = rules(row.format);
        const ValueCheck check = murano::check_json(resource, row.value);
        REQUIRE((accepted(check) != nullptr) == row.expected);
        if (!row.expected) continue;
        CHECK(accepted(check)->text == row.value.text);
        CHECK(accepted(check)->kind == resource.kind());
    }
}

TEST_CASE("[R40] the finding names the near miss") {
    struct Row {
        ResourceFormat format;
        RawJson value;
        std::string_view code, expected;
    };
    using F = ResourceFormat;
    using K = JsonKind;
    const std::array rows = {
        Row{F::number, {K::string, "21.5\n"}, "R40.white_space", "white space"},
        Row{F::number, {K::string, "\"21.5\""}, "R40.quoted_number", "without quotes"},
        Row{F::number, {K::string, "+1"}, "R40.plus_sign", "plus sign"},
        Row{F::number, {K::string, "007"}, "R40.leading_zero", "leading zeros"},
        Row{F::number, {K::string, "-01"}, "R40.leading_zero", "leading zeros"},
        Row{F::number, {K::string, ".5"}, "R40.bare_point", "both sides"},
        Row{F::number, {K::string, "1,5"}, "R40.comma_for_point", "Use a point"},
        Row{F::number, {K::string, "nan"}, "R40.nan", "NaN"},
        Row{F::number, {K::string, ""}, "R40.empty_value", "empty"},
        Row{F::number, {K::string, " \n"}, "R40.empty_value", "empty"},
        Row{F::number, {K::string, "-nan"}, "R40.nan", "isfinite"},
        Row{F::number, {K::string, std::string_view("25.5\0", 5)}, "R40.zero_byte", "C string"},
        Row{F::number, {K::string, std::string_view("25.5\0x\0\0", 8)}, "R40.zero_byte", "C string"},
        Row{F::boolean, {K::string, std::string_view("true\0", 5)}, "R40.zero_byte", "strlen()"},
        Row{F::number, {K::boolean, "true"}, "R40.boolean_for_number", "1 or 0"},
        Row{F::number, {K::string, "{\"t\":1}"}, "R40.document_for_value", "$resource/"},
        Row{F::number, {K::string, "21 C"}, "R40.not_a_number", "without a unit"},
        Row{F::boolean, {K::string, "True"}, "R40.boolean_spelling", "exactly true"},
        Row{F::boolean, {K::number, "1"}, "R40.word_for_boolean", "Send true."},
        Row{F::boolean, {K::string, "off"}, "R40.word_for_boolean", "Send false."},
        Row{F::boolean, {K::string, "perhaps"}, "R40.not_a_boolean", "true or false"},
        Row{F::string, {K::object, "{}"}, "R40.nested", "in a string"},
        Row{F::string, {K::null, "null"}, "R40.null_value", "null"},
        Row{F::number, {K::object, "{}"}, "R40.nested", "format string"},
        Row{F::string, {K::string, "\xFF"}, "R40.value_not_utf8", "base64"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.value.text);
        const ValueCheck check = murano::check_json(rules(row.format), row.value);
        REQUIRE(finding(check) != nullptr);
        CAPTURE(finding(check)->hint);
        CHECK(finding(check)->code == row.code);
        CHECK(finding(check)->hint.find(row.expected) != std::string::npos);
        CHECK(finding(check)->message.find("'temp'") != std::string::npos);
    }
}

TEST_CASE("[R40] a value outside `allowed` is dropped, and the finding lists what is allowed") {
    const ResourceRules resource = rules(ResourceFormat::number, {Scalar{"9-11", true}, Scalar{"20", false}});
    CHECK(accepted(murano::check_raw(resource, "20.0")) != nullptr);
    CHECK(accepted(murano::check_json(resource, {JsonKind::string, "1e1"})) != nullptr);
    const ValueCheck refused = murano::check_json(resource, {JsonKind::number, "12"});
    REQUIRE(finding(refused) != nullptr);
    CHECK(finding(refused)->code == "R40.value_not_allowed");
    CHECK(finding(refused)->hint == "Allowed are '9-11', '20'.");
}

TEST_CASE("[R6] a value has at most 1048576 bytes") {
    const std::string largest(1'048'576, 'x');
    const std::string too_large(1'048'577, 'x');
    const ResourceRules resource = rules(ResourceFormat::string);
    CHECK(accepted(murano::check_raw(resource, largest)) != nullptr);
    CHECK(accepted(murano::check_json(resource, {JsonKind::string, largest})) != nullptr);
    CHECK(accepted(murano::check_undefined_raw("x", largest)) != nullptr);
    CHECK(accepted(murano::check_undefined_json("x", {JsonKind::object, largest})) != nullptr);
    for (const ValueCheck& check :
         {murano::check_raw(resource, too_large), murano::check_json(resource, {JsonKind::string, too_large}),
          murano::check_undefined_raw("x", too_large),
          murano::check_undefined_json("x", {JsonKind::object, too_large})}) {
        REQUIRE(finding(check) != nullptr);
        CHECK(finding(check)->code == "R6.value_too_large");
        CHECK(finding(check)->message.find("1048577") != std::string::npos);
    }
}

TEST_CASE("[R37] values of an undefined alias keep their kind, documents their text") {
    CHECK(accepted(murano::check_undefined_raw("x", "5"))->kind == ValueKind::string);
    CHECK(accepted(murano::check_undefined_json("x", {JsonKind::number, "5.0"}))->kind == ValueKind::number);
    CHECK(accepted(murano::check_undefined_json("x", {JsonKind::boolean, "true"}))->kind == ValueKind::boolean);
    CHECK(accepted(murano::check_undefined_json("x", {JsonKind::string, "true"}))->kind == ValueKind::string);
    const ValueCheck document = murano::check_undefined_json("x", {JsonKind::object, "{\"a\":[1]}"});
    CHECK(accepted(document)->text == "{\"a\":[1]}");
    CHECK(accepted(document)->kind == ValueKind::string);
}

TEST_CASE("[R42] `initial` counts only where the resource is settable") {
    ResourceDefinition definition;
    definition.initial = Scalar{"5", false};
    CHECK_FALSE(ResourceRules("a", definition).initial().has_value());
    definition.settable = true;
    CHECK(ResourceRules("a", definition).initial() == definition.initial);
}
