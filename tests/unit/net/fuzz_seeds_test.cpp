// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/forms.h"
#include "tests/fuzz/targets/http.h"
#include "tests/fuzz/targets/net_session/steps.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of HTTP requests keep their properties") {
    CHECK(test::replay("fuzz_net_http", fuzz::http, test::Damage::every_byte) >= 5);
}
TEST_CASE("the seeds of forms keep their properties") {
    CHECK(test::replay("fuzz_net_forms", fuzz::forms, test::Damage::every_byte) >= 4);
}
TEST_CASE("[R18, R20, R22, R25, R25a, R41, R42, R45a] the seeds of whole sessions keep to the shadow model") {
    CHECK(test::replay("fuzz_net_session", fuzz::net_session, test::Damage::every_byte) >= 10);
}
