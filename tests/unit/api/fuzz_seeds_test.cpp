// The seeds of the fuzz targets, and what fuzzing found, as ordinary tests.

#include "tests/support/fuzz_seeds.h"

#include "tests/fuzz/targets/bodies.h"

#include <doctest/doctest.h>

TEST_CASE("the seeds of control API bodies keep their properties") {
    CHECK(test::replay("fuzz_api_bodies", fuzz::bodies, test::Damage::every_byte) >= 8);
}
