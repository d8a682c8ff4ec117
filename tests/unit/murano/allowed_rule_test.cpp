#include "server/murano/allowed_rule.h"

#include <array>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using config::ResourceFormat;
using config::Scalar;
using murano::AllowedRule;

TEST_CASE("[R40] an empty list of allowed values allows everything") {
    CHECK(AllowedRule().allows("x"));
    CHECK(AllowedRule(ResourceFormat::number, {}).allows("12"));
}

TEST_CASE("[R40] allowed numbers are values and inclusive ranges, compared numerically") {
    struct Row {
        const char* allowed;
        const char* value;
        bool expected;
    };
    const std::array rows = {
        Row{"9-11", "9", true},
        Row{"9-11", "11.0", true},
        Row{"9-11", "8.999999999999999999", false},
        Row{"9-11", "11.00000000000000000001", false},
        Row{"9-11", "1e1", true},
        Row{"-5--1", "-5", true},
        Row{"-5--1", "-1", true},
        Row{"-5--1", "-5.01", false},
        Row{"-5--1", "3", false},
        Row{"0.5-1.5", "0.5", true},
        Row{"0.5-1.5", "15e-1", true},
        Row{"0.5-1.5", "1.51", false},
        Row{"-5", "-5.0", true},
        Row{"-5", "5", false},
        Row{"1e-3-2e-3", "0.0015", true},
        Row{"1e-3-2e-3", "0.0009", false},
        Row{"7", "7e0", true},
        Row{"7", "70e-1", true},
        Row{"high", "7", false},
        Row{"-2-2", "0", true},
    };
    for (const Row& row : rows) {
        CAPTURE(row.allowed);
        CAPTURE(row.value);
        CHECK(AllowedRule(ResourceFormat::number, {Scalar{row.allowed, true}}).allows(row.value) == row.expected);
        CHECK(AllowedRule(ResourceFormat::number, {Scalar{"99999", false}, Scalar{row.allowed, true}})
                  .allows(row.value) == row.expected);
    }
}

TEST_CASE("[R40] allowed strings and booleans are compared by their text") {
    const AllowedRule strings(ResourceFormat::string, {Scalar{"on", true}, Scalar{"5", false}});
    CHECK(strings.allows("on"));
    CHECK(strings.allows("5"));
    CHECK_FALSE(strings.allows("5.0"));
    CHECK_FALSE(strings.allows("On"));
    const AllowedRule range(ResourceFormat::string, {Scalar{"9-11", true}});
    CHECK(range.allows("9-11"));
    CHECK_FALSE(range.allows("10"));
    const AllowedRule booleans(ResourceFormat::boolean, {Scalar{"true", false}});
    CHECK(booleans.allows("true"));
    CHECK_FALSE(booleans.allows("false"));
}

TEST_CASE("[R40] the allowed values are named in the finding, a long list clipped") {
    CHECK(AllowedRule(ResourceFormat::number, {Scalar{"9-11", true}, Scalar{"20", false}}).describe() ==
          "'9-11', '20'");
    const std::vector<Scalar> many(20, Scalar{"1", false});
    CHECK(AllowedRule(ResourceFormat::number, many).describe().ends_with(" and 12 more"));
}
