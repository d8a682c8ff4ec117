#include "server/journal/finding_code.h"

#include <doctest/doctest.h>

using journal::is_code;
using journal::rule_of;

TEST_CASE("the rule of a code is what stands before the first point that a small letter follows") {
    CHECK(rule_of("R40.comma_for_point") == "R40");
    CHECK(rule_of("R45a.misspelt_topic") == "R45a");
    CHECK(rule_of("MQTT-3.1.2-22.password_without_username") == "MQTT-3.1.2-22");
    CHECK(rule_of("MQTT-2.2.3.truncated") == "MQTT-2.2.3");
    CHECK(rule_of("R40.a.b") == "R40");
}

TEST_CASE("a rule alone is its own rule, and no code") {
    for (const char* rule : {"R40", "R45a", "MQTT-3.1.2-22", "MQTT-2.2.3", "", ".", "R40."}) {
        CAPTURE(rule);
        CHECK(rule_of(rule) == rule);
        CHECK_FALSE(is_code(rule));
    }
    CHECK(is_code("R40.comma_for_point"));
}
